// The one script of our own. The theme is set before anything is drawn; charts are drawn when the page is there.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    try {
      return localStorage.getItem('theme');
    } catch {
      return null;
    }
  }

  function theme() {
    return root.dataset.theme ?? (dark.matches ? 'dark' : 'light');
  }

  if (['light', 'dark'].includes(chosen())) root.dataset.theme = chosen();

  function draw(element) {
    const points = JSON.parse(element.dataset.points);
    const [low, high] = JSON.parse(element.dataset.band);
    const known = [...points.filter((value) => value !== null), low, high].filter((value) => value !== undefined);
    if (known.length === 0) return undefined;
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const room = (most - least || Math.abs(most) || 1) * 0.12;
    const colour = () => getComputedStyle(element).color;
    const last = points.length - 1;

    /** The person's own band, the same colour at low strength; its edges are dashed, so it is not told by colour alone. */
    function band(u) {
      if (low === undefined) return;
      const { ctx, bbox } = u;
      const [top, bottom] = [u.valToPos(high, 'y', true), u.valToPos(low, 'y', true)];
      ctx.save();
      ctx.fillStyle = ctx.strokeStyle = colour();
      ctx.globalAlpha = 0.14;
      ctx.fillRect(bbox.left, top, bbox.width, Math.max(1, bottom - top));
      ctx.globalAlpha = 0.5;
      ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
      for (const y of [top, bottom]) {
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
      ctx.restore();
    }

    /** The day itself, larger than the days before. */
    function day(u) {
      if (points[last] === null) return;
      const { ctx } = u;
      ctx.save();
      ctx.fillStyle = colour();
      ctx.beginPath();
      ctx.arc(u.valToPos(last, 'x', true), u.valToPos(points[last], 'y', true), 4 * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fill();
      ctx.restore();
    }

    return new uPlot(
      {
        width: element.clientWidth,
        height: 64,
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        padding: [4, 8, 4, 8],
        scales: { x: { time: false, range: [0, last] }, y: { range: [least - room, most + room] } },
        series: [
          {},
          {
            stroke: colour,
            width: 1.5,
            spanGaps: false,
            points: { show: true, size: 3, width: 0, fill: colour },
          },
        ],
        hooks: { drawClear: [band], draw: [day] },
      },
      [points.map((_, index) => index), points],
      element,
    );
  }

  addEventListener('DOMContentLoaded', () => {
    const charts = [];
    if (typeof uPlot === 'function') {
      for (const element of document.querySelectorAll('.spark')) {
        const chart = draw(element);
        if (chart === undefined) continue;
        charts.push(chart);
        new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: 64 })).observe(element);
      }
    }

    const button = document.getElementById('theme');
    function label() {
      button.textContent = theme() === 'dark' ? 'Light' : 'Dark';
      button.setAttribute('aria-label', `Use ${button.textContent.toLowerCase()} colours`);
      for (const chart of charts) chart.redraw(false);
    }
    label();
    button.hidden = false;
    dark.addEventListener('change', label);
    button.addEventListener('click', () => {
      root.dataset.theme = theme() === 'dark' ? 'light' : 'dark';
      try {
        localStorage.setItem('theme', root.dataset.theme);
      } catch {
        // Storage can be switched off; the choice then lasts for this page.
      }
      label();
    });
  });
})();
