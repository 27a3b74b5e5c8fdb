// Forms: Ctrl+Enter sends, a second click does not, the error summary takes the focus.
const summary = document.querySelector(".govuk-error-summary");
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
}

addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-keys]");
  if (form) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A second press while the first is on its way sends nothing.
for (const form of document.querySelectorAll("form[data-keep]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const words = [button.textContent, button.dataset.hide];
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = words[shown ? 0 : 1];
  });
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}
