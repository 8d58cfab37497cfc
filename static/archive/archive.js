// Finds a stamp in the archive: its code is hashed here and looked up in a file of hashes. Nothing is sent anywhere else.
(function () {
  "use strict";
  var ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  // SHA-256 (FIPS 180-4) of an ASCII text as hexadecimal digits; own, since browsers offer theirs only under https.
  function sha256(text) {
    var k = [], h = [], primes = [], n = 2;
    while (primes.length < 64) {
      if (primes.every(function (p) { return n % p; })) primes.push(n);
      n += 1;
    }
    function part(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    primes.forEach(function (p, i) { k[i] = part(Math.cbrt(p)); if (i < 8) h[i] = part(Math.sqrt(p)); });
    var words = new Array(16).fill(0), i;
    for (i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
    words[15] = text.length * 8;
    function turn(x, by) { return (x >>> by) | (x << (32 - by)); }
    for (i = 16; i < 64; i++) {
      var a = words[i - 15], b = words[i - 2];
      words[i] = (words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
    }
    var s = h.slice();
    for (i = 0; i < 64; i++) {
      var one = (s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + words[i]) | 0;
      var two = ((turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
      s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
    }
    return h.map(function (x, j) { return ("0000000" + ((x + s[j]) >>> 0).toString(16)).slice(-8); }).join("");
  }

  function asked() {
    var typed = new URLSearchParams(location.search).get("code");
    if (typed) return typed;
    var found = /^\/(?:[Tt]|01\/[0-9]{14}(?:\/22\/[^/]+)?(?:\/10\/[^/]+)?\/21)\/([^/]+)\/?$/.exec(location.pathname);
    return found ? decodeURIComponent(found[1]) : "";
  }

  function tidy(text) {
    return text.normalize("NFKC").toUpperCase().replace(/[\s\-.·•]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  }

  function language() {
    var wanted = [new URLSearchParams(location.search).get("lang")].concat(navigator.languages || []);
    for (var i = 0; i < wanted.length; i++) {
      var tag = (wanted[i] || "").slice(0, 2).toLowerCase();
      if (tag === "vi" || tag === "en" || tag === "zh") return tag;
    }
    return "vi";
  }

  function text(path) {
    return fetch(path).then(function (answer) { return answer.ok ? answer.text() : ""; });
  }

  function show(key, serial, batch, lang) {
    var part = document.querySelector('[data-lang="' + lang + '"] [data-answer="' + ({ ordered: "made", printed: "made", delivered: "made", handed_over: "made", returned: "made" }[key] || key) + '"]');
    var own = part.cloneNode(true);
    own.hidden = false;
    own.querySelector("[data-serial]").textContent = serial;
    if (!serial) own.querySelector("[data-numbered]").remove();
    document.getElementById("stamp").replaceChildren(own);
    if (batch === "-" || !batch) return;
    document.querySelector(".page").hidden = true;
    var path = "/b/" + batch + "/" + (lang === "vi" ? "index" : lang) + ".html";
    text(path).then(function (words) {
      var page = new DOMParser().parseFromString(words, "text/html");
      var head = page.querySelector("header.env"), main = page.querySelector("main");
      document.getElementById("batch").replaceChildren.apply(document.getElementById("batch"), head ? [head].concat([].slice.call(main.childNodes)) : []);
    });
  }

  function find(code, lang) {
    var digits = sha256(code);
    return text("/s/" + digits.slice(0, 3) + ".txt").then(function (lines) {
      var line = lines.split("\n").filter(function (each) { return each.slice(0, 13) === digits.slice(3, 16); }).pop();
      if (!line) return show("unknown", "", "-", lang);
      var parts = line.split(" ");
      return text("/s/r/" + parts[1] + ".txt").then(function (range) {
        var told = range.trim().split(" ");
        var number = ("000000" + parseInt(parts[2], 16)).slice(-7);
        show(told[0], told[2] + "-" + number, told[1], lang);
      });
    });
  }

  var lang = language();
  document.querySelectorAll("[data-lang]").forEach(function (part) { part.hidden = part.dataset.lang !== lang; });
  document.querySelectorAll("hr").forEach(function (line) { line.remove(); });
  document.documentElement.lang = lang;
  var typed = asked();
  if (!typed) return;
  var code = tidy(typed);
  var whole = code.length === 16 && code.split("").every(function (sign) { return ALPHABET.indexOf(sign) >= 0; });
  if (whole) find(code, lang); else show("unknown", "", "-", lang);
})();
