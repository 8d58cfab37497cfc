/* Small comforts; every page works without them. Loaded in the head so that the theme is set before the first paint. */
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function applyTheme() {
    var choice = root.getAttribute("data-theme-choice");
    root.setAttribute("data-bs-theme", choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light");
  }
  applyTheme();
  dark.addEventListener("change", applyTheme);

  /* A second press of the same button within five seconds is not sent. Forms that may be repeated say data-repeat. */
  function guardSubmit(event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeat")) return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    var button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
    window.setTimeout(function () { release(form, button); }, 5000);
  }
  function release(form, button) {
    form.removeAttribute("data-sent");
    if (button) button.removeAttribute("aria-busy");
  }
  document.addEventListener("submit", guardSubmit);
  /* Coming back by the browser's back button finds the form usable again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      release(form, form.querySelector("[aria-busy]"));
    });
  });

  /* Menus close on Escape and on a press elsewhere. */
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest ? event.target.closest("details.menu") : null);
    var dismiss = event.target.closest && event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    var copy = event.target.closest && event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.getAttribute("data-copy")).then(function () {
        if (copy.hasAttribute("data-copied")) copy.textContent = copy.getAttribute("data-copied");
      });
    }
    if (event.target.closest && event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var open = document.querySelector("details.menu[open]");
      if (open) { open.removeAttribute("open"); open.querySelector("summary").focus(); }
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      var search = document.querySelector(".search input");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form && event.target.form.requestSubmit) {
      event.target.form.requestSubmit();
    }
  });

  /* Paper shows what is folded away on the screen. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open]):not(.menu):not(.confirm)").forEach(function (part) {
      part.setAttribute("open", ""); part.setAttribute("data-was-closed", "");
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-was-closed]").forEach(function (part) {
      part.removeAttribute("open"); part.removeAttribute("data-was-closed");
    });
  });

  /* A day is typed as dd/mm/yyyy; the button opens the browser's own picker and writes what was picked. */
  function addPicker(input) {
    var picker = document.createElement("input");
    if (!("showPicker" in picker)) return;
    picker.type = "date";
    picker.className = "day-native";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "day-pick";
    button.setAttribute("aria-label", input.getAttribute("data-day"));
    var box = document.createElement("span");
    box.className = "with-day";
    input.parentNode.insertBefore(box, input);
    box.append(input, button, picker);
    button.addEventListener("click", function () {
      var typed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(input.value.trim());
      picker.value = typed ? typed[3] + "-" + typed[2].padStart(2, "0") + "-" + typed[1].padStart(2, "0") : "";
      picker.showPicker();
    });
    picker.addEventListener("change", function () {
      if (picker.value) input.value = picker.value.split("-").reverse().join("/");
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("input[data-day]").forEach(addPicker);
  });

  /* Pages that are used where there is no network are kept on this device, until somebody signs in anew. */
  function keepAway(scope) {
    var kept = navigator.serviceWorker.controller && !location.search;  // it came through the worker, which kept it
    navigator.serviceWorker.register("/away.js", { scope: scope }).then(function () { return navigator.serviceWorker.ready; })
      .then(function (registered) {
        if (kept) { root.setAttribute("data-kept", ""); return; }
        navigator.serviceWorker.onmessage = function () { root.setAttribute("data-kept", ""); };
        var dress = performance.getEntriesByType("resource").map(function (one) { return new URL(one.name).pathname; });
        registered.active.postMessage({ keep: dress.concat(location.pathname) });
      }).catch(function () { /* then it needs a network, as before */ });
  }
  document.addEventListener("DOMContentLoaded", function () {
    var away = document.querySelector("[data-away]");
    if (away && "serviceWorker" in navigator) keepAway(away.getAttribute("data-away"));
    if (document.querySelector("[data-forget-away]") && "caches" in window) caches.delete("temgoc-away");
  });

  document.addEventListener("DOMContentLoaded", function () {
    root.classList.add("has-script");
    var summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
    document.querySelectorAll("select[data-submit-on-change]").forEach(function (select) {
      select.addEventListener("change", function () { select.form.submit(); });
    });
    document.querySelectorAll("[data-check-all]").forEach(function (all) {
      all.addEventListener("change", function () {
        document.querySelectorAll("input[name='" + all.getAttribute("data-check-all") + "']").forEach(function (box) { box.checked = all.checked; });
      });
    });
  });
})();
