// The browser keeps a page that was left and shows it again on Back: hide it on leaving, ask for it anew on Back.
const page = document.documentElement;

// The browser keeps the text of a sent form, to send it again on Back and on a reload: put the page's own address in
// its place. If a page carries a kept form along, a reload still needs its text, until it is sent.
const forget = () => history.replaceState(null, "", page.dataset.instead);
const carrying = document.querySelector("[name=reprise]")?.form;
carrying?.addEventListener("submit", forget);

// The name of an account tells that somebody here has an account: password managers may know it, the browser's list of
// texts typed before may not.
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
