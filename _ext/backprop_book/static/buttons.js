/* What the theme writes into attributes of its buttons, where the policy of a page lets no program run. */
{
  const actions = { toggleFullScreen: () => toggleFullScreen(), "window.print": () => window.print() };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-click]");
    if (button) actions[button.dataset.click]();
  });
}
