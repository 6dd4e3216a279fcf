// Small comforts; every page works without this file.
(() => {
  "use strict";
  const summary = document.querySelector(".lp-summary");
  if (summary) summary.focus();

  // Only one drop-down is open at a time; Escape or a click elsewhere closes it.
  const close = (except) =>
    document.querySelectorAll("details.lp-drop[open]").forEach((drop) => {
      if (drop !== except) drop.open = false;
    });
  document.addEventListener("click", (event) => close(event.target.closest("details.lp-drop")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.lp-drop[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // A second click on "send" must not send twice; coming back to the page lifts the lock.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // A download leaves the page as it is, so the button is pressed again some day.
    if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // What works with a script only is hidden until one runs.
  document.querySelectorAll("[data-needs-script]").forEach((part) => (part.hidden = false));

  // Copies a field that can also be copied by hand.
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else document.execCommand("copy");
      button.querySelector("[aria-live]").textContent = button.dataset.done;
    });
  });

  // Filters act as soon as something is chosen.
  document.querySelectorAll("form[data-autosubmit] select").forEach((select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });
})();
