// The browser keeps left pages to show again on Back: hide on leaving, ask anew on coming back.
const page = document.documentElement;

addEventListener("pagehide", () => page.classList.add("hidden-page"));

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  } else {
    page.classList.remove("hidden-page");
  }
});
