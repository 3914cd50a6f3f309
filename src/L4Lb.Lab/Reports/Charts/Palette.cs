using System.Globalization;
using System.Text;

namespace L4Lb.Lab.Reports.Charts;

/// <summary>
/// How series are told apart: by hue (after Okabe and Ito, jfly.uni-koeln.de/color, darker on white and lighter on black until the
/// contrast is 3:1 at least, WCAG 1.4.11), by dashes, and by the shape of their marks: any of the three is enough.
/// </summary>
internal static class Palette
{
    /// <summary>How many series can be told apart in one chart.</summary>
    public const int Count = 6;

    /// <summary>Ink, lines and ground by day and by night.</summary>
    public static (string Ground, string Ink, string Soft, string Grid, string Muted) Light { get; } =
        ("#ffffff", "#1b2733", "#56636f", "#e1e6ea", "#b4bec7");

    /// <inheritdoc cref="Light"/>
    public static (string Ground, string Ink, string Soft, string Grid, string Muted) Dark { get; } =
        ("#12181f", "#e8edf2", "#a3b0bc", "#2a343e", "#55626e");

    /// <summary>Hues by day.</summary>
    public static IReadOnlyList<string> LightHues { get; } = ["#0072b2", "#d55e00", "#00805a", "#a6369b", "#8a6a00", "#33414e"];

    /// <summary>Hues by night.</summary>
    public static IReadOnlyList<string> DarkHues { get; } = ["#56b4e9", "#ff8f4a", "#2fcf9f", "#ea8fd6", "#e6c344", "#cfd8e0"];

    /// <summary>Dashes.</summary>
    public static IReadOnlyList<string> Dashes { get; } = ["none", "8 3", "2 3", "9 3 2 3", "16 4", "5 2 1 2 1 2"];

    /// <summary>The variables of both themes; print is by day.</summary>
    public static string Variables { get; } =
        $":root{{{Set(Light, LightHues)};color-scheme:light dark}}@media screen and (prefers-color-scheme:dark){{:root{{{Set(Dark, DarkHues)}}}}}";

    /// <summary>What the classes of charts look like.</summary>
    public static string Classes { get; } = WriteClasses();

    private static string Set((string Ground, string Ink, string Soft, string Grid, string Muted) of, IReadOnlyList<string> hues) =>
        $"--ground:{of.Ground};--ink:{of.Ink};--soft:{of.Soft};--grid:{of.Grid};--muted:{of.Muted};"
        + string.Join(';', hues.Select(static (hue, i) => $"--h{i}:{hue}"));

    private static string WriteClasses()
    {
        var sheet = new StringBuilder();
        sheet.Append("svg text{font:12px system-ui,sans-serif;fill:var(--soft)}svg .t{fill:var(--ink);font-weight:600}")
            .Append("svg .g{stroke:var(--grid);stroke-width:1}svg .a{stroke:var(--soft);stroke-width:1}")
            .Append("svg .l{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:butt}")
            .Append("svg .m{fill:none;stroke:var(--muted);stroke-width:1}svg .d{fill:var(--muted);stroke:none}")
            .Append("svg .r{stroke:var(--ink);stroke-width:1;stroke-dasharray:4 3}svg .n{fill:var(--ink)}");
        for (var i = 0; i < Count; i++)
        {
            sheet.Append(CultureInfo.InvariantCulture, $"svg .s{i}{{stroke:var(--h{i});stroke-dasharray:{Dashes[i]}}}")
                .Append(CultureInfo.InvariantCulture, $"svg .f{i}{{fill:var(--h{i});stroke:none}}");
        }

        return sheet.ToString();
    }
}
