// The session's end is announced two minutes before; a page left alone is blanked.
const MINUTE = 60_000;
const WARNING = 2 * MINUTE;
const dialog = document.getElementById("session-warning");
const left = document.getElementById("session-left");
const lock = document.getElementById("lock");
const ended = document.getElementById("session-ended");
const idle = Number(dialog.dataset.lock) * MINUTE;
let end = Date.now() + Number(dialog.dataset.minutes) * MINUTE;
let touched = Date.now();

// Returns whether the session goes on; the answer says for how many minutes.
const extend = async () => {
  try {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    });
    if (!answer.ok || answer.redirected) return false;
    const { minutes } = await answer.json();
    end = Date.now() + minutes * MINUTE;
    return true;
  } catch {
    return end > Date.now();
  }
};

const blank = (blanked) => {
  document.documentElement.classList.toggle("locked", blanked);
  lock.hidden = !blanked;
  // A modal dialog would keep the keys from the lock behind it.
  if (blanked && dialog.open) dialog.close();
  if (blanked) lock.querySelector("button").focus();
};

// A form with typed text is sent as it is: without a session, logging in takes the text along.
const logInAgain = () => {
  const typed = [...document.querySelectorAll("form[data-keep]")].find((form) =>
    [...form.elements].some((field) => field.value !== field.defaultValue && field.type !== "radio"
      && field.localName === "textarea"),
  );
  if (typed) typed.requestSubmit();
  else location.assign("/connexion");
};

const look = () => {
  const now = Date.now();
  left.textContent = String(Math.max(0, Math.ceil((end - now) / MINUTE)));
  ended.hidden = now < end;
  // After the end of the session nothing of the journey remains visible.
  if (lock.hidden && (now >= end || now - touched > idle)) blank(true);
  if (end - now < WARNING && !dialog.open && lock.hidden) dialog.showModal();
};

for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
  addEventListener(kind, () => {
    if (lock.hidden) touched = Date.now();
  }, { passive: true });
}

dialog.querySelector("[data-extend]").addEventListener("click", async () => {
  if (await extend()) dialog.close();
  else logInAgain();
  look();
});

lock.querySelector("[data-resume]").addEventListener("click", async () => {
  if (await extend()) {
    touched = Date.now();
    blank(false);
    look();
  } else {
    logInAgain();
  }
});

setInterval(look, 5_000);
addEventListener("visibilitychange", look);
