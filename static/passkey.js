/* Passkeys: a form with data-passkey asks the browser for one, puts its answer into the form and sends it.
   data-passkey: "get" to use one, "create" to make one; data-passkey-options: what the browser is to be asked (JSON).
   Without this file, or where the browser knows no passkeys, such a form stays hidden and the other ways remain. */
(function () {
  "use strict";

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }
  function words(buffer) {
    if (!buffer) return undefined;
    var plain = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function known(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function asked(options) {
    var ready = Object.assign({}, options, { challenge: bytes(options.challenge) });
    if (options.user) ready.user = Object.assign({}, options.user, { id: bytes(options.user.id) });
    if (options.allowCredentials) ready.allowCredentials = known(options.allowCredentials);
    if (options.excludeCredentials) ready.excludeCredentials = known(options.excludeCredentials);
    return ready;
  }
  function told(credential) {
    var answer = credential.response;
    return JSON.stringify({
      id: credential.id,
      rawId: words(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: {
        clientDataJSON: words(answer.clientDataJSON),
        attestationObject: words(answer.attestationObject),
        authenticatorData: words(answer.authenticatorData),
        signature: words(answer.signature),
        userHandle: words(answer.userHandle),
      },
    });
  }

  function send(event) {
    event.preventDefault();
    var form = event.target;
    var said = form.querySelector("[data-passkey-said]");
    var request = { publicKey: asked(JSON.parse(form.getAttribute("data-passkey-options"))) };
    said.textContent = "";
    var making = form.getAttribute("data-passkey") === "create";
    var answer = making ? navigator.credentials.create(request) : navigator.credentials.get(request);
    answer.then(function (credential) {
      form.querySelector("[data-passkey-answer]").value = told(credential);
      form.submit();
    }).catch(function () {
      said.textContent = said.getAttribute("data-passkey-failed");
    });
  }

  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", send);
  });
})();
