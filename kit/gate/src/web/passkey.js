// Passkeys: asks the service for a challenge, the browser for an answer, and hands it back. Nothing else.
(() => {
  "use strict";
  const box = document.getElementById("passkey");
  const button = box && box.querySelector("[data-passkey]");
  if (!button) return;
  const outcome = box.querySelector("[data-outcome]");
  const say = (text) => { outcome.textContent = text; };
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    say(box.dataset.unable);
    return;
  }

  const octets = (text) => {
    const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const post = async (step, body) => {
    const response = await fetch(`${box.dataset.path}/${step}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", "x-gate-csrf": box.dataset.csrf },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.error || box.dataset.failed);
    return answer;
  };

  const known = (list) => (list || []).map((entry) => ({ ...entry, id: octets(entry.id) }));

  const create = async (options) => {
    const publicKey = options.publicKey;
    publicKey.challenge = octets(publicKey.challenge);
    publicKey.user.id = octets(publicKey.user.id);
    publicKey.excludeCredentials = known(publicKey.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey });
    const transports = made.response.getTransports ? made.response.getTransports() : [];
    return {
      id: made.id, rawId: text(made.rawId), type: made.type, extensions: made.getClientExtensionResults(),
      response: {
        attestationObject: text(made.response.attestationObject),
        clientDataJSON: text(made.response.clientDataJSON),
        transports,
      },
    };
  };

  const get = async (options) => {
    const publicKey = options.publicKey;
    publicKey.challenge = octets(publicKey.challenge);
    publicKey.allowCredentials = known(publicKey.allowCredentials);
    const shown = await navigator.credentials.get({ publicKey });
    const handle = shown.response.userHandle;
    return {
      id: shown.id, rawId: text(shown.rawId), type: shown.type, extensions: shown.getClientExtensionResults(),
      response: {
        authenticatorData: text(shown.response.authenticatorData),
        clientDataJSON: text(shown.response.clientDataJSON),
        signature: text(shown.response.signature),
        userHandle: handle ? text(handle) : null,
      },
    };
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    say("");
    try {
      const begun = await post("begin", {});
      const answer = await (box.dataset.act === "create" ? create : get)(begun.options);
      const done = await post("finish", { challenge: begun.challenge, answer, back: box.dataset.return });
      const kept = document.querySelector('form[action="/staff/resume"]');
      if (kept) kept.submit();
      else window.location.assign(done.go);
    } catch (error) {
      // The browser's own messages are for programmers; ours are sentences.
      say(error instanceof DOMException || !error.message ? box.dataset.failed : error.message);
      button.disabled = false;
    }
  });
})();
