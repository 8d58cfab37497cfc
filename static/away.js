/* Where there is no network: the pages that are used at a field's edge or in a packing shed open all the same. A service
   worker that knows two kinds of address (activating stamps, scanning on site) and what they are dressed with; the network
   comes first, what is kept here second, and only when the network is silent. It sends nothing by itself and keeps no
   answer of anything else. Signing in or out anew throws away what is kept (theme.js). */
(function () {
  "use strict";
  var KEPT = "temgoc-away", PATIENCE_MS = 5000;
  var PAGE = /^\/(my\/activate|audit\/visits\/[0-9a-z]+\/scan)$/, DRESS = /^\/(bootstrap\/)?static\//;

  self.addEventListener("install", function () { self.skipWaiting(); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

  self.addEventListener("message", function (event) {
    var wanted = (event.data.keep || []).filter(function (path) { return PAGE.test(path) || DRESS.test(path); });
    event.waitUntil(Promise.all(wanted.map(function (path) {
      return fetch(path).then(function (answer) { return keep(path, answer); }, function () { /* the next time */ });
    })).then(function () { if (event.source) event.source.postMessage("kept"); }));
  });

  self.addEventListener("fetch", function (event) {
    var asked = new URL(event.request.url), path = asked.pathname;
    if (event.request.method !== "GET" || asked.origin !== self.location.origin) return;
    if (event.request.mode === "navigate" ? PAGE.test(path) : DRESS.test(path)) event.respondWith(answered(event.request, asked));
  });

  function answered(request, asked) {
    var network = fetch(request).then(function (answer) { return asked.search && PAGE.test(asked.pathname) ? answer : keep(asked.pathname, answer); });
    return caches.match(asked.pathname, { cacheName: KEPT, ignoreVary: true }).then(function (kept) {
      if (!kept) return network;
      var silent = new Promise(function (done) { setTimeout(function () { done(kept); }, PATIENCE_MS); });
      return Promise.race([network.catch(function () { return kept; }), silent]);
    });
  }

  /* Kept under the path alone; a page asked for with a query is about one stamp, and is not kept. */
  function keep(path, answer) {
    if (!answer.ok || answer.redirected) return answer;
    var copy = answer.clone();
    return caches.open(KEPT).then(function (shelf) { return shelf.put(path, copy); })
      .then(function () { return answer; }, function () { return answer; });
  }
})();
