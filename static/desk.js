/* The desk by keyboard: arrow keys move through the links of a list. Everything works without it. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[a-z]$/i.test(event.key)) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable) return;
    var target = document.querySelector('[data-key="' + event.key.toLowerCase() + '"]');
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "DETAILS") {
      target.open = true;
      var field = target.querySelector("textarea, input:not([type=hidden]), button");
      if (field) field.focus();
    } else if (target.tagName === "A" || target.tagName === "BUTTON") {
      target.click();
    } else {
      target.setAttribute("tabindex", "-1");
      target.scrollIntoView();
      target.focus();
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp" && event.key !== "Home" && event.key !== "End") return;
    var link = event.target.closest && event.target.closest("[data-rows] a");
    if (!link) return;
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-rows] a"));
    var place = links.indexOf(link) + (event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0);
    if (event.key === "Home") place = 0;
    if (event.key === "End") place = links.length - 1;
    if (links[place]) { event.preventDefault(); links[place].focus(); }
  });
})();
