// Says once that a person's phone shows this page, after it has been seen for a second. Nothing is read from the phone,
// nothing is kept on it. Without this script the button "I bought this" does the same.
(function () {
  "use strict";
  var form = document.getElementById("bought");
  if (!form || !window.fetch || navigator.webdriver) return;
  var tries = 0;

  function tell() {
    var words = new URLSearchParams();
    words.set("code", form.elements.code.value);
    words.set("token", form.elements.token.value);
    words.set("by", "phone");
    tries += 1;
    fetch(form.action, { method: "POST", body: words, keepalive: true, credentials: "omit" }).then(function (answer) {
      if (answer.status === 503 && tries < 3) setTimeout(tell, 5000 * tries);
    }, function () { /* no network: the button is still there */ });
  }

  function whenSeen() {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", whenSeen);
    setTimeout(function () {
      if (document.visibilityState === "visible") tell();
      else document.addEventListener("visibilitychange", whenSeen);
    }, 1000);
  }

  document.addEventListener("visibilitychange", whenSeen);
  whenSeen();
})();
