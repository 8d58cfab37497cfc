// Activating by scanning. Everything works without it: two fields and a button. With it: a hand scanner fills both fields
// one after the other, a camera reads symbols where the browser can, a stamp's own page is remembered as "from here", and
// without a network what was scanned is kept on this phone and sent once. No name, no sign-in is kept, only what was typed.
(function () {
  "use strict";
  var QUEUE = "temgoc-activations", FROM = "temgoc-from", SPENT = "temgoc-marks", HALF_AN_HOUR = 1800000;
  var form = document.getElementById("activate"), list = document.getElementById("queue");
  if (document.querySelector("[data-activated]")) forget(FROM);

  function recall(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (no) { return null; }
  }
  function keep(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (no) { return false; }
  }
  function forget(key) { try { localStorage.removeItem(key); } catch (no) { /* nothing is kept then */ } }
  function newMark() {
    return Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  if (form) {
    if ((recall(SPENT) || []).indexOf(form.elements.mark.value) >= 0) form.elements.mark.value = newMark();  // the page as kept here
    form.querySelector("[data-desk]").hidden = false;
    fromHere();
    handScanner();
    camera();
    form.addEventListener("submit", send);
  }
  if (list) {
    show();
    flush();
    window.addEventListener("online", flush);
    window.setInterval(function () { if (document.visibilityState === "visible") flush(); }, 30000);
  }

  function say(words) { form.querySelector("[data-said]").textContent = words; }

  /* One stamp's page, then another's: from the one to the other. */
  function fromHere() {
    var first = form.elements.first, last = form.elements.last;
    var code = new URLSearchParams(location.search).get("code");
    if (code && !first.value) first.value = code;
    if (!code || last.value) return;
    var before = recall(FROM);
    if (before && before.serial !== first.value && before.own === list.dataset.own && Date.now() - before.at < HALF_AN_HOUR) {
      last.value = first.value;
      first.value = before.serial;
    }
    keep(FROM, { serial: first.value, own: list.dataset.own, at: Date.now() });
  }

  function take(text) {
    text = text.trim();
    var first = form.elements.first, last = form.elements.last;
    if (!text) return false;
    if (text === first.value || text === last.value) { say(form.dataset.unsaid); return false; }
    if (!first.value) first.value = text; else last.value = text;
    say(text);
    if (navigator.vibrate) navigator.vibrate(60);
    return true;
  }

  /* A hand scanner is a keyboard that ends with Enter or Tab: the box keeps the focus and empties itself. */
  function handScanner() {
    var box = form.querySelector("[data-scan]");
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" && event.key !== "Tab") return;
      if (!box.value.trim()) { if (event.key === "Enter") event.preventDefault(); return; }
      event.preventDefault();
      take(box.value);
      box.value = "";
    });
    if (window.matchMedia("(hover: hover) and (pointer: fine)").matches && !form.elements.first.value) box.focus();
  }

  function camera() {
    var button = form.querySelector("[data-camera]"), stop = form.querySelector("[data-stop]");
    var eye = form.querySelector("[data-eye]"), stream = null, timer = 0;
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    button.hidden = false;
    function close() {
      window.clearInterval(timer);
      if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
      stream = null;
      eye.hidden = stop.hidden = true;
      button.hidden = false;
    }
    stop.addEventListener("click", close);
    button.addEventListener("click", function () {
      var detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (opened) {
        stream = opened;
        eye.srcObject = opened;
        eye.hidden = stop.hidden = false;
        button.hidden = true;
        eye.play();
        timer = window.setInterval(function () {
          detector.detect(eye).then(function (found) {
            if (found.length !== 1 || !stream) return;
            if (take(found[0].rawValue) && form.elements.last.value) close();
          }, function () { /* the picture is not ready yet */ });
        }, 250);
      }, function () { say(form.dataset.noCamera); });
    });
  }

  /* Ask first whether the house answers; if not, keep it here. The mark makes sure that it is taken once. */
  function send(event) {
    var button = event.submitter;
    if (button && button.value === "read") return;
    if (form.elements.first_photo.value || form.elements.last_photo.value) return;
    event.preventDefault();
    reach().then(function () {
      var chosen = document.createElement("input");
      chosen.type = "hidden"; chosen.name = "do"; chosen.value = "activate";
      form.appendChild(chosen);
      form.submit();
    }, function () {
      if (!form.elements.first.value || !form.elements.batch.value) { form.reportValidity(); return; }
      var batch = form.elements.batch;
      var queued = (recall(QUEUE) || []).concat([{
        mark: form.elements.mark.value, own: list.dataset.own, first: form.elements.first.value, last: form.elements.last.value,
        batch: batch.value, called: batch.options[batch.selectedIndex].text, run: form.elements.run.value, at: Date.now()
      }]);
      if (!keep(QUEUE, queued)) { form.submit(); return; }
      keep(SPENT, (recall(SPENT) || []).concat(form.elements.mark.value).slice(-200));
      form.elements.mark.value = newMark();
      form.elements.first.value = form.elements.last.value = "";
      say("");
      show();
      list.scrollIntoView();
    });
  }

  function reach() {
    if (!navigator.onLine) return Promise.reject(new Error("offline"));
    var stopper = new AbortController(), timer = window.setTimeout(function () { stopper.abort(); }, 5000);
    return fetch("/healthz", { method: "HEAD", cache: "no-store", signal: stopper.signal }).then(function () { window.clearTimeout(timer); });
  }

  function show() {
    var queued = recall(QUEUE) || [], rows = list.querySelector(".queue");
    rows.replaceChildren.apply(rows, queued.map(row));
    if (queued.length || list.querySelector(".is-sent")) list.hidden = false; else list.hidden = true;
  }

  function row(one) {
    var item = document.createElement("li"), words = document.createElement("span");
    words.textContent = one.first + (one.last ? " – " + one.last : "") + " · " + one.called;
    item.appendChild(words);
    if (!one.said) return item;
    var said = document.createElement("p");
    said.className = "field-error";
    said.textContent = list.dataset.refused + " " + one.said;
    item.appendChild(said);
    item.appendChild(button(list.dataset.correct, function () {
      if (form) ["first", "last", "batch", "run"].forEach(function (name) { form.elements[name].value = one[name]; });
      drop(one.mark);
    }));
    item.appendChild(button(list.dataset.remove, function () { drop(one.mark); }));
    return item;
  }

  function button(words, act) {
    var made = document.createElement("button");
    made.type = "button"; made.className = "btn btn-link btn-sm"; made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function drop(mark) {
    keep(QUEUE, (recall(QUEUE) || []).filter(function (one) { return one.mark !== mark; }));
    show();
  }

  function note(mark, said) {
    keep(QUEUE, (recall(QUEUE) || []).map(function (one) { if (one.mark === mark) one.said = said; return one; }));
    show();
  }

  var sending = false;
  function flush() {
    var waiting = (recall(QUEUE) || []).filter(function (one) { return !one.said && one.own === list.dataset.own; });
    if (sending || !waiting.length) return;
    sending = true;
    waiting.reduce(function (before, one) { return before.then(function () { return deliver(one); }); }, Promise.resolve())
      .catch(function () { /* still no network: the next time */ })
      .then(function () { sending = false; });
  }

  function deliver(one) {
    return fetch("/my/activate", { cache: "no-store" }).then(page).then(function (fresh) {
      var token = fresh.document.querySelector("#activate [name=csrf_token]");
      if (!fresh.document.getElementById("activate")) { tell(list.dataset.signIn, "/my/activate"); throw new Error("signed out"); }
      var words = new URLSearchParams({ do: "activate", mark: one.mark, first: one.first, last: one.last, batch: one.batch, run: one.run || "" });
      if (token) words.set("csrf_token", token.value);
      return fetch("/my/activate", { method: "POST", body: words });
    }).then(page).then(function (answer) {
      if (answer.status === 422 || answer.status === 409) {
        var why = answer.document.querySelector(".error-summary li");
        note(one.mark, why ? why.textContent : String(answer.status));
      } else if (answer.redirected && /^\/my\/activate\/[0-9a-z]{12}$/.test(answer.path)) {
        tell(list.dataset.sent + " " + one.first + (one.last ? " – " + one.last : ""), answer.path, "is-sent");
        drop(one.mark);
      } else throw new Error(String(answer.status));
    });
  }

  function page(answer) {
    return answer.text().then(function (words) {
      return {
        status: answer.status, redirected: answer.redirected, path: new URL(answer.url).pathname,
        document: new DOMParser().parseFromString(words, "text/html")
      };
    });
  }

  function tell(words, path, kind) {
    var line = document.createElement("p"), link = document.createElement("a");
    link.href = path; link.textContent = words;
    line.className = kind || "is-asked";
    line.appendChild(link);
    var old = list.querySelector(".is-asked");
    if (old && !kind) old.remove();
    list.appendChild(line);
    list.hidden = false;
  }
})();
