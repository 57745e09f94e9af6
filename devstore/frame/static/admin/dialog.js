/** Dialogs of the admin around the app. */

function button(text, { primary = false, critical = false } = {}) {
  const element = document.createElement("s-button");
  element.textContent = text;
  if (primary) element.setAttribute("variant", "primary");
  if (critical) element.setAttribute("tone", "critical");
  return element;
}

/** Show a dialog with `body` and two buttons; resolve with true when the second, primary one is pressed. */
export function showDialog({ heading, body, cancel, confirm, critical }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.innerHTML =
    '<h2 id="dialog-heading"></h2><div class="body"></div><div class="actions"></div>';
  dialog.setAttribute("aria-labelledby", "dialog-heading");
  dialog.querySelector("h2").textContent = heading;
  dialog.querySelector(".body").append(body);
  const [no, yes] = [button(cancel), button(confirm, { primary: true, critical })];
  dialog.querySelector(".actions").append(no, yes);
  document.body.append(dialog);
  return new Promise((resolve) => {
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}

export function askToConfirm({ text, ...parts }) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return showDialog({ ...parts, body: paragraph });
}
