// Show the readers of the chosen compartment; a kind of action chooses its usual compartment.
const form = document.getElementById("ajouter");
if (form) {
  const kind = form.elements.genre;
  const compartment = form.elements.volet;
  const lines = form.querySelectorAll(".audience-line");
  const levels = form.querySelector(".levels");

  const show = () => {
    const option = kind.selectedOptions[0];
    const chosen = compartment.value || option?.dataset.volet;
    for (const line of lines) line.toggleAttribute("data-chosen", line.dataset.volet === chosen);
    levels.toggleAttribute("data-needed", option?.dataset.levels === "oui");
  };

  kind.addEventListener("change", () => {
    compartment.value = kind.selectedOptions[0]?.dataset.volet ?? "";
    show();
  });
  compartment.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}
