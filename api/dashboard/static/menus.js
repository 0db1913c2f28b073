// Menus close when the focus or the pointer goes elsewhere.

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
}

document.addEventListener("click", closeMenus);
document.addEventListener("focusin", closeMenus);
