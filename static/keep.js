/* A bad network: what is typed into form[data-keep] is kept on this phone until the server has it.
   The page that a sent form leads to carries its mark (#sent-…), and what was kept under it is forgotten.
   Without a script the browser's own error page keeps the form behind its back button. */
(function () {
  "use strict";
  var PREFIX = "kept:";
  var PATIENCE_MS = 8000;

  function stored(key) {
    try { return JSON.parse(window.localStorage.getItem(PREFIX + key)); } catch (error) { return null; }
  }
  function store(key, value) {
    try {
      if (value === null) window.localStorage.removeItem(PREFIX + key);
      else window.localStorage.setItem(PREFIX + key, JSON.stringify(value));
      return true;
    } catch (error) { return false; }
  }
  function arrived() {
    var mark = /^#sent-([0-9a-f]{32})$/.exec(window.location.hash);
    if (!mark) return;
    Object.keys(window.localStorage).forEach(function (name) {
      if (name.indexOf(PREFIX) !== 0) return;
      var kept = stored(name.slice(PREFIX.length));
      if (kept && kept.mark === mark[1]) window.localStorage.removeItem(name);
    });
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  function typed(form) {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") return;
      if (field.type === "checkbox" || field.type === "radio") {
        if (!values[field.name]) values[field.name] = [];
        if (field.checked) values[field.name].push(field.value);
      } else values[field.name] = field.value;
    });
    return values;
  }
  function fill(form, values) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!(field.name in values)) return;
      var value = values[field.name];
      if (Array.isArray(value)) field.checked = value.indexOf(field.value) >= 0;
      else field.value = value;
    });
  }

  function say(form, words, tone, button) {
    var box = form.querySelector(".kept");
    if (!box) {
      box = document.createElement("div");
      box.setAttribute("role", "alert");
      form.insertBefore(box, form.firstChild);
    }
    box.className = "kept notice tone-" + tone;
    box.textContent = words;
    if (button) box.appendChild(button);
    box.scrollIntoView({ block: "nearest" });
  }

  function begin(form) {
    var key = form.getAttribute("data-keep");
    var mark = form.querySelector("input[name='mark']");
    var passed = false;

    function keep() {
      return store(key, { mark: mark ? mark.value : "", at: Date.now(), values: typed(form) });
    }
    function offerAgain(kept) {
      var forget = document.createElement("button");
      forget.type = "button";
      forget.className = "btn btn-link";
      forget.textContent = form.getAttribute("data-forget");
      forget.addEventListener("click", function () { store(key, null); window.location.reload(); });
      fill(form, kept.values);
      /* The same mark as before: if the first one did arrive after all, it is taken once. */
      if (mark && kept.mark) mark.value = kept.mark;
      say(form, form.getAttribute("data-found") + " ", "wait", forget);
    }
    function noNetwork() {
      keep();
      form.removeAttribute("data-sent");
      var busy = form.querySelector("[aria-busy]");
      if (busy) busy.removeAttribute("aria-busy");
      var photo = form.querySelector("input[type='file']");
      var more = photo && photo.files.length ? " " + form.getAttribute("data-photo") : "";
      say(form, form.getAttribute("data-offline") + more, "stop");
    }
    function reach() {
      var gone = new AbortController();
      var timer = window.setTimeout(function () { gone.abort(); }, PATIENCE_MS);
      return fetch("/healthz", { method: "HEAD", cache: "no-store", signal: gone.signal }).then(function (answer) {
        window.clearTimeout(timer);
        if (!answer.ok) throw new Error("not there");
      });
    }

    var kept = stored(key);
    var complained = form.querySelector(".error-summary");
    if (kept && !complained) offerAgain(kept);
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", function (event) {
      if (passed) return;
      event.preventDefault();
      event.stopPropagation();
      keep();
      if (navigator.onLine === false) { noNetwork(); return; }
      reach().then(function () { passed = true; form.submit(); }, noNetwork);
    }, true);
    window.addEventListener("online", function () {
      if (form.querySelector(".kept.tone-stop")) say(form, form.getAttribute("data-online"), "valid");
    });
  }

  function tellEarliest(form) {
    var told = form.querySelector("[data-earliest]");
    var day = form.querySelector("[name='on_day']");
    var phi = form.querySelector("[name='phi_days']");
    if (!told || !day || !phi) return;
    function tell() {
      var parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(day.value.trim());
      var days = /^\d{1,3}$/.test(phi.value.trim()) ? Number(phi.value) : -1;
      told.hidden = !parts || days < 0;
      if (told.hidden) return;
      var end = new Date(Date.UTC(Number(parts[3]), Number(parts[2]) - 1, Number(parts[1]) + days));
      var shown = String(end.getUTCDate()).padStart(2, "0") + "/" + String(end.getUTCMonth() + 1).padStart(2, "0") + "/" + end.getUTCFullYear();
      told.textContent = told.getAttribute("data-earliest").replace("{day}", shown);
    }
    form.addEventListener("input", tell);
    form.addEventListener("change", tell);
    tell();
  }

  try { arrived(); } catch (error) { /* no storage: nothing was kept */ }
  document.querySelectorAll("form[data-keep]").forEach(function (form) { begin(form); tellEarliest(form); });
})();
