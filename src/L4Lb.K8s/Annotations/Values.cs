using System.Globalization;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Annotations;

/// <summary>Reads a value. Returns what is wrong with it, or null.</summary>
internal delegate string? ValueReader<T>(string text, out T value);

/// <summary>Readers of the values that annotations and their parameters have.</summary>
internal static class Values
{
    /// <summary>A whole number.</summary>
    public static ValueReader<int> Number(int least, int most) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most
            ? null
            : most == int.MaxValue ? $"expected a number of at least {least}" : $"expected a number from {least} to {most}";

    /// <summary>A decimal number.</summary>
    public static ValueReader<double> Real(double least, double most) => (string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"expected a number from {least} to {most}, such as 1.5");

    /// <summary>A duration.</summary>
    public static ValueReader<TimeSpan> Duration(TimeSpan least, TimeSpan most) => (string text, out TimeSpan value) =>
        GoDuration.TryParse(text, out value) && value >= least && value <= most
            ? null
            : $"expected a duration from {GoDuration.Format(least)} to {GoDuration.Format(most)}, such as 250ms, 10s or 1h30m";

    /// <summary>One word out of a few, each with its meaning.</summary>
    public static ValueReader<T> OneOf<T>(params (string Word, T Meaning)[] words) => (string text, out T value) =>
    {
        var place = Array.FindIndex(words, w => w.Word == text);
        value = words[Math.Max(place, 0)].Meaning;
        return place >= 0
            ? null
            : $"expected {string.Join(", ", words.SkipLast(1).Select(static w => w.Word))} or {words[^1].Word}";
    };

    /// <summary>Networks, comma separated.</summary>
    public static string? Networks(string text, out EquatableArray<IPNetwork> value)
    {
        var networks = new List<IPNetwork>();
        value = [];
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!AddressText.TryParseNetwork(item, out var network))
            {
                return $"\"{item}\" is not a network; expected networks such as 10.9.8.0/24 or 2001:db8::/64, comma separated";
            }

            networks.Add(network);
        }

        value = networks.ToEquatableArray();
        return null;
    }

    /// <summary>A text with escapes.</summary>
    public static string? Escaped(string text, out string value) => EscapedText.Decode(text, out value);
}
