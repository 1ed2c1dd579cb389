// The page of a sign-in by wallet, where there are scripts: it moves on by itself, and the browser's own way to a wallet
// comes first. Without scripts its buttons do the same.
const page = document.querySelector("[data-events]");
const events = new EventSource(page.dataset.events);
events.addEventListener("told", ({ data }) => { page.textContent = data; });
events.addEventListener("moved", () => {
  events.close();
  location.replace(page.dataset.page);
});

// W3C Digital Credentials, OpenID4VP 1.0 appendix A.
const PROTOCOL = "openid4vp-v1-signed";
const form = document.getElementById("bongeszo");
const API = window.DigitalCredential;
if (form && API && (API.userAgentAllowsProtocol?.(PROTOCOL) ?? true)) {
  form.parentElement.hidden = false;
  form.addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    try {
      const asked = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!asked.ok) throw asked;
      const { action, requests } = await asked.json();
      const { data } = await navigator.credentials.get({ mediation: "required", digital: { requests } });
      form.elements.valasz.value = typeof data === "string" ? data : JSON.stringify(data);
      form.action = action;
      form.submit();
    } catch {
      page.textContent = form.dataset.failed;
    }
  });
}
