// What scripts say stands in the page, in its language; places such as {n} are filled in here.

export const LANGUAGE = document.documentElement.lang;

const said = document.getElementById("words").dataset;

export const words = (name, filled = {}) => said[name].replace(/\{(\w+)\}/g, (_, place) => filled[place]);
