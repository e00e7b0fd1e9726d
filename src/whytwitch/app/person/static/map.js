// Point at the figure instead of choosing from the lists. The lists stay the way without a pointer.
const names = () => Object.fromEntries([...document.querySelectorAll("#site option")].map((o) => [o.value, o.textContent]));

document.addEventListener("click", (event) => {
  const zone = event.target.closest(".zone");
  const form = document.querySelector("#place");
  if (!zone || !form) return;
  const { site, side } = zone.dataset;
  form.elements.site.value = site;
  form.elements.side.value = side;
  const marked = [...document.querySelectorAll(".places li")].some((row) => hit(row.textContent, names()[site], side));
  if (marked && form.elements.sort.value !== "weak") form.elements.sort.value = "none";
  form.requestSubmit();
});

// Whether a row of places names this one already: a second click takes the mark away.
function hit(row, name, side) {
  const text = row.toLowerCase();
  return text.includes(name.toLowerCase()) && (!side || text.includes(side) || text.includes("both"));
}

document.addEventListener("pointerover", (event) => {
  const zone = event.target.closest?.(".zone");
  const map = document.querySelector("#map");
  if (map) map.title = zone ? [zone.dataset.side, names()[zone.dataset.site]].filter(Boolean).join(" ") : "";
});
