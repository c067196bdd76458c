/* The effect of a roster on its preview: asked for once the page is there, and put into its place when it comes.
   Without this script a button does the same. */
(() => {
  "use strict";
  const part = () => document.querySelector("[data-effect]");

  async function ask(form) {
    const button = form.querySelector("button");
    form.querySelector("[role=status]").hidden = false;
    button.hidden = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" },
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      show(await answer.text());
    } catch {
      form.querySelector("[role=status]").hidden = true;
      button.hidden = false;
    }
  }

  async function look(address) {
    const answer = await fetch(address, { headers: { "X-Fragment": "1" } });
    if (answer.ok && !answer.redirected) show(await answer.text());
  }

  function show(text) {
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const here = part(), come = holder.content.querySelector("[data-effect]");
    come.style.minBlockSize = `${here.offsetHeight}px`; // what stands below is not moved away under the pointer
    here.replaceWith(come);
    begin();
  }

  function begin() {
    const here = part();
    const form = here && here.querySelector("form");
    if (!form) return;
    if (here.dataset.effect === "open") ask(form);
    else {
      form.querySelector("button").hidden = true;
      setTimeout(() => look(form.action), 2000);
    }
  }

  begin();
})();
