/* How far a print is, twice a second; without a script the page looks again by itself. */
(function () {
  "use strict";
  var bar = document.querySelector("[data-press]");
  var words = document.querySelector("[data-press-words]");
  if (!bar || !window.fetch) return;
  function look() {
    fetch(bar.getAttribute("data-press"), { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) { if (!answer.ok) throw new Error("no answer"); return answer.json(); })
      .then(function (found) {
        if (!found.open) { window.location.replace(window.location.pathname); return; }
        if (words.textContent !== found.words) words.textContent = found.words;
        bar.value = found.percent;
        window.setTimeout(look, 500);
      })
      .catch(function () { window.setTimeout(look, 3000); });
  }
  window.setTimeout(look, 300);
})();
