// The page: two files, a password, a button, what came of it.

{
  const tool = document.getElementById("open-notice");
  const find = (css) => tool.querySelector(css);
  const [notice, key, password] = ["#notice", "#key", "#password"].map(find);
  const [button, outcome, opened, text] = ["[data-open]", "[data-outcome]", "[data-opened]", "[data-text]"].map(find);

  const say = (what, wrong) => {
    outcome.textContent = tool.getAttribute(`data-${what}`);
    outcome.className = wrong ? "field-error" : "";
  };
  const hide = () => {
    text.textContent = "";
    opened.hidden = true;
  };

  // The octets of a chosen file.
  const octets = async (field, none) => {
    const [file] = field.files;
    if (!file) throw new No(none);
    if (file.size > MOST_OCTETS) throw new No("too-long");
    return new Uint8Array(await file.arrayBuffer());
  };

  // What is not of the form that it should have is told at the file it is in.
  const within = async (what, act) => {
    try {
      return await act();
    } catch (error) {
      throw error instanceof No && error.message !== "form" ? error : new No(what);
    }
  };

  const act = async () => {
    if (!globalThis.crypto?.subtle) throw new No("no-crypto");
    const sealed = await octets(notice, "no-notice");
    const held = await octets(key, "no-key");
    const read = await within("bad-notice", () => read_notice(sealed));
    const holder = await within("bad-key", () => read_holder(held, password.value));
    text.textContent = await within("damaged", () => open_notice(read, holder));
  };

  let busy = false;
  const run = async () => {
    if (busy) return;
    busy = true;
    hide();
    say("busy");
    button.setAttribute("aria-disabled", "true");
    try {
      await act();
      password.value = "";
      opened.hidden = false;
      say("opened");
    } catch (error) {
      say(error instanceof No ? error.message : "damaged", true);
    }
    button.removeAttribute("aria-disabled");
    busy = false;
  };

  button.addEventListener("click", run);
  password.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) run();
  });
  find("[data-clear]").addEventListener("click", () => {
    hide();
    password.value = "";
    say("cleared");
    button.focus();
  });
  // Nothing is left behind for who comes to this page by the button back.
  addEventListener("pagehide", () => {
    hide();
    password.value = "";
  });
  tool.hidden = false;
}
