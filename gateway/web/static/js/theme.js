// Theme of the page, set before the first paint: that of the system, light or dark.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("daybook-theme");
  } catch {
    // storage may be forbidden; the system's theme stays
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
