// Comfort only: every page works without this.
"use strict";

// What is wrong is read first.
document.querySelector("[data-focus]")?.focus();

// An error's link leads to its field and into it.
for (const link of document.querySelectorAll(".errors a[href^='#']")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".field") ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// A second click sends nothing. A form whose page is still there after a while, because the answer was a file or
// the browser came back to it, can be sent again; that it acts once only is the server's affair.
const release = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
};
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // The back button leads to the form's own address, not to the question whether to send it once more.
    if (event.submitter?.value === "confirm") {
      form.dataset.confirmed = "yes";
      history.replaceState(null, "", location.href);
    }
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(release, 8000, form);
  });
}
addEventListener("pageshow", (event) => {
  document.querySelectorAll("form[data-sent]").forEach(release);
  // A page that the browser has kept, whose form was confirmed: it shows what is over, and is asked for anew.
  if (event.persisted && document.querySelector("form[data-confirmed]")) location.reload();
});

// Copying a code, where the browser allows it.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const words = button.querySelector("span");
  const before = words.textContent;
  words.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      words.textContent = button.dataset.copied;
      setTimeout(() => (words.textContent = before), 4000);
    } catch {
      button.hidden = true;
    }
  });
}

// How many lines are picked.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const count = form.querySelector(".bulk-count");
  const show = () => {
    const picked = form.querySelectorAll("td.pick input:checked").length;
    count.textContent = picked ? count.dataset.some.replace("{n}", picked) : count.dataset.none;
  };
  form.addEventListener("change", show);
  show();
}

// The minutes of the session, by the time this page has been open; said aloud once, at two.
const minutes = document.querySelector("[data-minutes]");
if (minutes) {
  const opened = performance.now();
  const all = Number(minutes.dataset.minutes);
  let said = false;
  setInterval(() => {
    const left = Math.max(0, all - Math.floor((performance.now() - opened) / 60000));
    if (left <= 2 && !said) {
      said = true;
      minutes.setAttribute("role", "status");
    }
    if (left <= 5) minutes.textContent = left ? minutes.dataset.one.replace("{n}", left) : minutes.dataset.over;
  }, 20000);
}
