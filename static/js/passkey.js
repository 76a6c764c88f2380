/* Ties the buttons of a page to the browser's passkeys: ``data-passkey`` names what the form does, see allauth's
   mfa/js/webauthn.js. Where the browser has none, the button stays hidden: a code or the password still works. */
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-button]");
    const passwordless = form.querySelector("[name=passwordless]");
    window.allauth.webauthn.forms[form.dataset.passkey]({
      ids: {
        add: button.id,
        login: button.id,
        authenticate: button.id,
        credential: form.querySelector("[name=credential]").id,
        passwordless: passwordless ? passwordless.id : undefined,
        data: "js_data",
      },
    });
    form.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // said on the page, not in the console
    for (const told of document.querySelectorAll("[data-passkey-failed]")) told.hidden = false;
  });
});
