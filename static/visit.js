/* Scanning stamps on site. Each scan waits in this phone until the server has answered it: without a network nothing is
   lost, and by its mark nothing is taken twice. Without this script the form below sends one stamp at a time. */
(function () {
  "use strict";
  var place = document.getElementById("visit-scan");
  if (!place || !window.fetch || !window.localStorage) return;
  var form = place.querySelector("form");
  var field = form.elements.text;
  var panel = document.getElementById("scan-panel");
  var list = document.getElementById("scan-list");
  var waiting = document.getElementById("scan-waiting");
  var said = place.dataset;
  var store = "visit-" + said.visit;
  var queue = read();
  var sending = false;
  var audio = null;

  function read() {
    try { return JSON.parse(localStorage.getItem(store) || "[]"); } catch (error) { return []; }
  }
  function keep() { localStorage.setItem(store, JSON.stringify(queue)); }

  function mark() {
    var bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  function beep(tone) {
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
      var tones = { valid: [880], wait: [520, 520], stop: [220, 220, 220], unknown: [330] }[tone] || [330];
      tones.forEach(function (pitch, step) {
        var sound = audio.createOscillator(), loud = audio.createGain();
        sound.frequency.value = pitch;
        loud.gain.value = 0.15;
        sound.connect(loud);
        loud.connect(audio.destination);
        sound.start(audio.currentTime + step * 0.18);
        sound.stop(audio.currentTime + step * 0.18 + 0.12);
      });
    } catch (error) { /* a phone without sound still shows colour, icon and word */ }
  }

  function show(tone, word, sentence) {
    panel.className = "scan-panel tone-" + tone;
    panel.querySelector(".scan-icon").textContent = { valid: "✓", wait: "!", stop: "✕", unknown: "?" }[tone] || "?";
    panel.querySelector(".scan-word").textContent = word;
    panel.querySelector(".scan-said").textContent = sentence || "";
    panel.hidden = false;
  }

  function tell() {
    waiting.hidden = queue.length === 0;
    waiting.querySelector("span").textContent = said.waiting.replace("{count}", String(queue.length));
  }

  function add(result) {
    var item = document.createElement("li");
    item.className = "tone-" + result.tone;
    item.textContent = result.word + " · " + (result.serial || result.text);
    list.insertBefore(item, list.firstChild);
    document.getElementById("scan-count").textContent = String(result.count);
  }

  function flush() {
    if (sending || queue.length === 0) return;
    sending = true;
    var part = queue.slice(0, 50);
    fetch(said.send, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": said.token },
      body: JSON.stringify({ scans: part })
    }).then(function (answer) {
      if (answer.redirected || answer.status === 400 || answer.status === 403) throw new Error("signed out");
      if (answer.status !== 200) throw new Error("no");
      return answer.json();
    }).then(function (body) {
      var done = {};
      body.scans.forEach(function (result) { done[result.mark] = true; add(result); });
      queue = queue.filter(function (scan) { return !done[scan.mark]; });
      keep();
      var last = body.scans[body.scans.length - 1];
      if (last) { show(last.tone, last.word, last.sentence); beep(last.tone); }
      sending = false;
      tell();
      flush();
    }).catch(function (error) {
      sending = false;
      tell();
      show("unknown", said.kept, error && error.message === "signed out" ? said.signedout : said.offline);
    });
  }

  function take(text) {
    text = (text || "").trim();
    if (!text) return;
    var known = queue.some(function (scan) { return scan.text === text; });
    queue.push({ mark: mark(), text: text.slice(0, 300), at: new Date().toISOString() });
    keep();
    tell();
    show("unknown", said.kept, known ? said.repeated : text);
    if (!navigator.onLine) beep(known ? "wait" : "unknown");
    flush();
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    take(field.value);
    field.value = "";
    field.focus();
  });

  var camera = document.getElementById("scan-camera");
  if (camera && window.BarcodeDetector && navigator.mediaDevices) {
    camera.hidden = false;
    camera.addEventListener("click", function () {
      var video = document.getElementById("scan-video");
      var reader = new window.BarcodeDetector({ formats: ["qr_code"] });
      var last = "", lastAt = 0;
      navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (stream) {
        video.srcObject = stream;
        video.hidden = false;
        camera.hidden = true;
        video.play();
        setInterval(function () {
          reader.detect(video).then(function (found) {
            if (!found.length) return;
            var text = found[0].rawValue, now = Date.now();
            if (text === last && now - lastAt < 3000) return;
            last = text;
            lastAt = now;
            take(text);
          }, function () { /* no picture yet */ });
        }, 300);
      }, function () { show("unknown", said.nocamera, ""); });
    });
  }

  window.addEventListener("online", flush);
  setInterval(flush, 15000);
  tell();
  flush();
  field.focus();
})();
