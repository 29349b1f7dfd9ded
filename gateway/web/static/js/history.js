// Documents that Back shows as they were must not show data of a session that has ended: they are hidden and come anew.
(() => {
  const comeAnew = () => {
    document.documentElement.hidden = true;
    location.reload();
  };
  const [entry] = performance.getEntriesByType("navigation");
  if (entry?.type === "back_forward" && !entry.transferSize) comeAnew();
  addEventListener("pageshow", (event) => {
    if (event.persisted) comeAnew();
  });
})();
