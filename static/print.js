/* The first sheet follows what is chosen; without a script a button asks for it. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-live]");
  if (!form || !window.fetch || !window.DOMParser) return;
  var waiting = 0, asked = 0;

  function part(root, name) { return root.querySelector('[data-part="' + name + '"]'); }

  function put(found, name) {
    var old = part(document, name), fresh = part(found, name);
    if (old && fresh && old.innerHTML !== fresh.innerHTML) old.replaceWith(document.importNode(fresh, true));
  }

  function show(found) {
    ["errors", "destroyed", "seen"].forEach(function (name) { put(found, name); });
    var chosen = part(document, "chosen"), fresh = part(found, "chosen");
    if (chosen && fresh) chosen.replaceWith(document.importNode(fresh, true));
    var places = part(document, "places"), other = part(found, "places");
    if (!places || !other) return;
    if (places.getAttribute("data-of") !== other.getAttribute("data-of")) put(found, "places");
    else tick(places, other);
  }

  // Places that were typed are ticked in the picture, once whoever types them has gone on.
  function tick(places, other) {
    var typed = places.querySelector("[name=used_typed]"), fresh = other.querySelector("[name=used_typed]");
    if (!typed || !fresh || typed === document.activeElement) return;
    typed.value = fresh.value;
    places.querySelectorAll("[name=used]").forEach(function (cell) {
      cell.checked = other.querySelector('[name=used][value="' + cell.value + '"]').checked;
    });
    var free = places.querySelector("[data-free]"), now = other.querySelector("[data-free]");
    if (free && now) free.textContent = now.textContent;
  }

  function look() {
    var number = ++asked, data = new FormData(form);
    data.set("do", "look");
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        if (number === asked) show(new DOMParser().parseFromString(text, "text/html"));
      })
      .catch(function () { /* the button still asks */ });
  }

  function soon(event) {
    if (event.target.name === "scale") return;
    window.clearTimeout(waiting);
    asked++; // what is under way knows nothing of this
    waiting = window.setTimeout(look, event.type === "change" ? 150 : 700);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", function () { window.clearTimeout(waiting); asked++; });

  // What was typed before this script came over a slow line, or put back by the browser, is looked at, too.
  var typed = Array.prototype.some.call(form.elements, function (field) {
    return /^(text|textarea|number)$/.test(field.type) && field.value !== field.defaultValue;
  });
  if (typed) look();
})();
