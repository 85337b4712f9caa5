/** Our tokens as an ECharts theme; read anew when the theme changes. */
export function chartTheme(): Record<string, unknown> {
  const css = getComputedStyle(document.documentElement)
  const token = (name: string): string => css.getPropertyValue(`--lg-${name}`).trim()
  const ink2 = token('ink-2')
  const axis = {
    axisLine: { lineStyle: { color: token('line-strong') } },
    axisTick: { show: false },
    axisLabel: { color: ink2, fontSize: 13 },
    splitLine: { lineStyle: { color: token('line') } },
    nameTextStyle: { color: ink2 },
  }
  return {
    color: [token('teal'), token('gold'), token('vermilion'), token('blue'), token('green'), token('grey')],
    backgroundColor: 'transparent',
    textStyle: { fontFamily: token('font'), color: token('ink') },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    legend: { top: 0, textStyle: { color: ink2, fontSize: 13 }, itemWidth: 14, itemHeight: 8 },
    tooltip: {
      backgroundColor: token('surface'),
      borderColor: token('line'),
      textStyle: { color: token('ink'), fontSize: 14 },
      extraCssText: 'border-radius: 12px',
    },
    line: { symbolSize: 6, lineStyle: { width: 2.5 } },
    bar: { itemStyle: { borderRadius: [4, 4, 0, 0] } },
    map: { itemStyle: { areaColor: token('teal-soft'), borderColor: token('surface') } },
  }
}
