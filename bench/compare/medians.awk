# Reads rows of load, target and figures, and answers with the medians over all rounds. Goes before a program of its own.
function median(values, n,   i, j, t) {
  for (i = 2; i <= n; i++) for (j = i; j > 1 && values[j - 1] > values[j]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
  return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}
function of(load, target, column,   i, v) {
  for (i = 1; i <= count[load, target]; i++) v[i] = cell[load, target, i, column]
  return count[load, target] ? median(v, count[load, target]) : 0
}
function ratio(load, target, base, column,   b) { b = of(load, base, column); return b ? sprintf("%.2f", of(load, target, column) / b) : "–" }
function dash(format, value) { return value ? sprintf(format, value) : "–" }
{ i = ++count[$1, $2]; for (c = 3; c <= NF; c++) { cell[$1, $2, i, c] = $c; sum[$1, $2, c] += $c } }
