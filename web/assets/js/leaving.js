// The browser keeps left pages to show again on Back: hide on leaving, ask anew on coming back.
const page = document.documentElement;

// Of a form that was sent the browser keeps what was typed, to send it again on Back and on a reload: put the page's
// own address in its place. Where words are carried along a reload still needs them, until they are sent.
const forget = () => history.replaceState(null, "", page.dataset.instead);
const carrying = document.querySelector("[name=reprise]")?.form;
carrying?.addEventListener("submit", forget);

// The name of an account says that somebody here has one: said to password managers, not left in the list of what was
// typed before.
const account = document.querySelector("[autocomplete=username]");
account?.addEventListener("input", () => {
  account.autocomplete = "off";
});

addEventListener("pagehide", () => page.classList.add("hidden-page"));

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  } else {
    page.classList.remove("hidden-page");
    if (page.dataset.instead && !carrying) forget();
  }
});
