// Header cells of tables, native ones and those by role, and whether any cell is theirs: [index, 1 or 0].
function headersWithoutCells({ known, indexOf, isHeard }) {
  const { aria } = axe.commons;
  const found = [];
  for (const table of known) {
    const role = aria.getRole(table);
    if (!["table", "grid", "treegrid"].includes(role) || !isHeard(table)) continue;
    if (table.localName === "table") nativeHeaders(table, found);
    else roleHeaders(table, found);
  }
  return found;

  function nativeHeaders(table, found) {
    const grid = axe.commons.table.toGrid(table);
    const isData = (cell) => cell && (cell.localName === "td" || /^(grid)?cell$/.test(cell.getAttribute("role") ?? "")) &&
      !/header$/.test(cell.getAttribute("role") ?? "");
    const places = new Map();
    grid.forEach((row, y) => row?.forEach((cell, x) => {
      if (!cell) return;
      const place = places.get(cell) ?? { left: x, right: x, top: y, bottom: y };
      places.set(cell, { left: Math.min(place.left, x), right: Math.max(place.right, x), top: Math.min(place.top, y), bottom: Math.max(place.bottom, y) });
    }));
    // A row's header is a cell of its column too (HTML's algorithm assigns headers to header cells as well).
    const headsRow = (cell) => cell?.localName === "th" && (cell.getAttribute("scope")?.startsWith("row") || grid.some((row) => row?.includes(cell) && row.some(isData)));
    // A cell with a headers attribute belongs to the headers named there, and to no other.
    const isFree = (cell) => isData(cell) && !cell.getAttribute("headers")?.trim();
    const referred = new Set([...table.querySelectorAll("[headers]")].flatMap((cell) => cell.getAttribute("headers").split(/\s+/)));
    for (const [cell, place] of places) {
      const role = cell.getAttribute("role");
      const isHeader = cell.localName === "th" ? !role || /header$/.test(role) : /^(column|row)header$/.test(role ?? "");
      if (!isHeader || !isHeard(cell) || !indexOf.has(cell)) continue;
      const inRows = grid.slice(place.top, place.bottom + 1).flat();
      const inColumns = grid.flatMap((row) => row?.slice(place.left, place.right + 1) ?? []);
      const scope = (cell.getAttribute("scope") ?? "").toLowerCase();
      const below = grid.slice(place.bottom + 1).flatMap((row) => row?.slice(place.left, place.right + 1) ?? []);
      const beside = grid.slice(place.top, place.bottom + 1).flatMap((row) => row?.slice(place.right + 1) ?? []);
      let serves;
      if (referred.has(cell.id) && cell.id) serves = true;
      else if (cell.closest("tfoot")) serves = inColumns.some(isFree) || inRows.some(isFree);  // a header repeated at the foot
      else if (role === "rowheader" || scope.startsWith("row")) serves = beside.some(isFree) || inRows.some(isFree);
      else if (role === "columnheader" || scope.startsWith("col")) serves = below.some(isFree) || below.some(headsRow);
      else if (!inRows.some(isData)) serves = below.some(isFree) || below.some(headsRow);
      else if (!inColumns.some(isData)) serves = inRows.some(isFree);
      else serves = true;
      found.push([indexOf.get(cell), serves ? 1 : 0]);
    }
  }

  function roleHeaders(table, found) {
    const rows = [...table.querySelectorAll("[role=row]")].map((row) =>
      [...row.querySelectorAll("[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]")]);
    for (const [y, row] of rows.entries()) {
      for (const [x, cell] of row.entries()) {
        const role = cell.getAttribute("role");
        if (!/header$/.test(role) || !isHeard(cell) || !indexOf.has(cell)) continue;
        const isData = (other) => other && /cell$/.test(other.getAttribute("role"));
        const spans = rows.some((other) => other.some((one) => one.hasAttribute("aria-colspan") || one.hasAttribute("aria-colindex")));
        const serves = spans || (role === "rowheader" ? row.some(isData) : rows.some((other, place) => place !== y && isData(other[x])));
        found.push([indexOf.get(cell), serves ? 1 : 0]);
      }
    }
  }
}
