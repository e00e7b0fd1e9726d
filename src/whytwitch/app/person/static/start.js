// Files dropped anywhere on the page, sorted by what they are: cases and lab tables here, recordings there.
const CASES = [".json", ".toml", ".txt"];
const LAB = /(^|[\s,;"])(result|value|unit|units|reference|range|analyte|test)([\s,;"]|$)/i;
const zone = document.querySelector("#drop");
const field = document.querySelector("#file");
const form = document.querySelector("#file-form");

async function isCase(files) {
  const name = files[0].name.toLowerCase();
  if (files.length > 1) return false;
  if (CASES.some((ending) => name.endsWith(ending))) return true;
  if (!/\.(csv|tsv)$/.test(name) || files[0].size > 1e6) return false;
  const head = (await files[0].slice(0, 2000).text()).split("\n")[0];
  return LAB.test(head);
}

async function take(files) {
  if (!files.length) return;
  const bag = new DataTransfer();
  for (const file of files) bag.items.add(file);
  field.multiple = files.length > 1;
  field.files = bag.files;
  const here = await isCase(files);
  form.action = here ? "/cases" : "/recordings";
  field.name = here ? "file" : "files";
  form.requestSubmit();
}

field.addEventListener("change", () => take([...field.files]));
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
}
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, () => zone.classList.remove("over"));
}
document.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
