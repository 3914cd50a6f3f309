using System.Globalization;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>HTTP statuses: <c>200-299+404</c>.</summary>
public static class StatusText
{
    /// <summary>Reads ranges. Returns what is wrong, or null.</summary>
    public static string? Parse(string text, out EquatableArray<StatusRange> statuses)
    {
        var ranges = new List<StatusRange>();
        statuses = [];
        foreach (var item in text.Split('+', StringSplitOptions.TrimEntries))
        {
            var (first, last) = item.Split('-') switch
            {
                [var one] => (Status(one), Status(one)),
                [var one, var other] => (Status(one), Status(other)),
                _ => (0, 0),
            };
            if (first == 0 || last < first)
            {
                return "expected statuses from 100 to 599, such as 200, 200-299 or 200-299+404";
            }

            ranges.Add(new(first, last));
        }

        statuses = ranges.ToEquatableArray();
        return null;
    }

    /// <summary>Writes ranges so that they can be read back.</summary>
    public static string Format(EquatableArray<StatusRange> statuses) =>
        string.Join('+', (IEnumerable<StatusRange>)statuses);

    private static int Status(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599
            ? status
            : 0;
}
