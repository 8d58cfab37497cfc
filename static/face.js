/* A face's parts by mouse, finger or arrow keys. Each move writes its numbers into the form, and the workshop draws anew. */
(function () {
  "use strict";
  var form = document.querySelector("[data-face-form]");
  if (!form || !window.fetch || !window.DOMParser) return;
  var waiting = null, asked = 0;

  function side() { return document.querySelector("[data-face-side]"); }
  function field(part, name) { return form.elements[part + "-" + name]; }
  function read(part, name) { return parseFloat((field(part, name).value || "0").replace(",", ".")) || 0; }
  function write(part, name, value) { field(part, name).value = String(Math.round(value * 100) / 100).replace(".", ","); }
  function size(name) { return parseFloat(form.elements[name].value.replace(",", ".")) || 0; }

  /* The part's new numbers, kept on the stamp; its box follows at once. */
  function place(handle, x, y, width, height) {
    var part = handle.getAttribute("data-part"), wide = size("width_mm"), high = size("height_mm");
    width = Math.min(Math.max(width, 0.1), wide); height = Math.min(Math.max(height, 0.1), high);
    x = Math.min(Math.max(x, 0), wide - width); y = Math.min(Math.max(y, 0), high - height);
    write(part, "x", x); write(part, "y", y); write(part, "width", width); write(part, "height", height);
    var box = handle.querySelector(".handle-box"), grip = handle.querySelector(".handle-grip");
    box.setAttribute("x", x); box.setAttribute("y", y); box.setAttribute("width", width); box.setAttribute("height", height);
    grip.setAttribute("x", x + width - 1.2); grip.setAttribute("y", y + height - 1.2);
  }
  function numbers(handle) {
    var part = handle.getAttribute("data-part");
    return [read(part, "x"), read(part, "y"), read(part, "width"), read(part, "height")];
  }

  function drawSoon(delay) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(draw, delay);
  }
  function draw() {
    var mine = ++asked, data = new FormData(form), held = document.activeElement && document.activeElement.getAttribute("data-part");
    data.set("do", "show");
    window.fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
      if (mine !== asked) return;
      var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.querySelector("[data-face-side]");
      if (!fresh) return;
      var complaints = page.querySelector("[data-face-form] .error-summary"), old = form.querySelector(".error-summary");
      if (old) old.remove();
      if (complaints) { complaints.setAttribute("role", "status"); form.insertBefore(document.importNode(complaints, true), form.firstChild); }
      side().replaceWith(document.importNode(fresh, true));
      if (held) {
        var again = side().querySelector('[data-part="' + held + '"]');
        if (again) again.focus({ preventScroll: true });
      }
    });
  }

  /* Dragging. */
  document.addEventListener("pointerdown", function (event) {
    var handle = event.target.closest && event.target.closest(".handle");
    if (!handle || event.button > 0) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    var canvas = handle.ownerSVGElement, scale = canvas.getScreenCTM().a, start = numbers(handle);
    var grip = event.target.classList.contains("handle-grip"), from = [event.clientX, event.clientY], moved = false;
    function move(next) {
      var dx = Math.round((next.clientX - from[0]) / scale * 10) / 10, dy = Math.round((next.clientY - from[1]) / scale * 10) / 10;
      moved = moved || dx !== 0 || dy !== 0;
      if (grip) place(handle, start[0], start[1], start[2] + dx, start[3] + dy);
      else place(handle, start[0] + dx, start[1] + dy, start[2], start[3]);
    }
    function stop() {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
      if (moved) draw(); else open(handle);
    }
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
  });

  /* A press without a move, or Enter, opens the part's numbers. */
  function open(handle) {
    var found = field(handle.getAttribute("data-part"), "x").closest("details");
    if (found) { found.setAttribute("open", ""); found.scrollIntoView({ block: "nearest" }); }
  }
  var STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", function (event) {
    var handle = event.target.closest && event.target.closest(".handle");
    if (!handle) return;
    if (event.key === "Enter") { event.preventDefault(); open(handle); return; }
    var step = STEPS[event.key], by = event.altKey ? 0.1 : 0.5, now = numbers(handle);
    if (!step) return;
    event.preventDefault();
    if (event.shiftKey) place(handle, now[0], now[1], now[2] + step[0] * by, now[3] + step[1] * by);
    else place(handle, now[0] + step[0] * by, now[1] + step[1] * by, now[2], now[3]);
    drawSoon(500);
  });
  /* Numbers and words typed are drawn, too. */
  form.addEventListener("change", function (event) { if (event.target.name !== "add") drawSoon(50); });
})();
