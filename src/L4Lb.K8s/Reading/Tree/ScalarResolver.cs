using System.Buffers;
using System.Globalization;

namespace L4Lb.K8s.Reading.Tree;

/// <summary>
/// Says what a plain YAML scalar is, by the rules that kubectl follows: YAML 1.1's words for booleans, octal by a
/// leading zero, underscores in numbers, no timestamps. So <c>port: 010</c> is 8 and <c>app: yes</c> is no string.
/// </summary>
internal static class ScalarResolver
{
    private static readonly SearchValues<char> s_numeric = SearchValues.Create("0123456789.eE+-");

    /// <summary>The node that the plain, untagged <paramref name="text"/> stands for.</summary>
    public static ScalarNode Plain(int line, string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return new(line, ScalarKind.Null, "null");
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return new(line, ScalarKind.Bool, "true");
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return new(line, ScalarKind.Bool, "false");
        }

        // An address (10.0.0.1) and a version (1.2.3) begin like numbers, so they are turned away early.
        if (!(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.') || text.Count('.') > 1)
        {
            return new(line, ScalarKind.String, text);
        }

        return Number(line, text.Replace("_", "", StringComparison.Ordinal)) ?? new(line, ScalarKind.String, text);
    }

    /// <summary>The node of a scalar with an explicit tag; null when the text does not fit the tag.</summary>
    public static ScalarNode? Tagged(int line, string text, string tag)
    {
        var plain = Plain(line, text);
        return tag switch
        {
            "tag:yaml.org,2002:null" => plain.Kind == ScalarKind.Null ? plain : null,
            "tag:yaml.org,2002:bool" => plain.Kind == ScalarKind.Bool ? plain : null,
            "tag:yaml.org,2002:int" => plain.Kind == ScalarKind.Integer ? plain : null,
            "tag:yaml.org,2002:float" => plain.Kind is ScalarKind.Integer or ScalarKind.Float ? plain : null,
            _ => new(line, ScalarKind.String, text),
        };
    }

    private static ScalarNode? Number(int line, string text)
    {
        var negative = text.StartsWith('-');
        var digits = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        if (Integer(digits) is { } magnitude)
        {
            return new(line, ScalarKind.Integer, negative && magnitude != 0 ? $"-{magnitude}" : $"{magnitude}");
        }

        if (digits.Length == 0 || digits.ContainsAnyExcept(s_numeric) || !digits.ContainsAnyInRange('0', '9')
            || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
        {
            return null;
        }

        // JSON prints 80.0 as 80, and so it fits an integer field.
        return number == Math.Floor(number) && Math.Abs(number) < 1e15
            ? new(line, ScalarKind.Integer, ((long)number).ToString(CultureInfo.InvariantCulture))
            : new(line, ScalarKind.Float, number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant());
    }

    private static ulong? Integer(ReadOnlySpan<char> digits)
    {
        if (digits.Length > 1 && digits[0] == '0')
        {
            return digits[1] switch
            {
                'x' or 'X' => Based(digits[2..], 16),
                'b' or 'B' => Based(digits[2..], 2),
                'o' or 'O' => Based(digits[2..], 8),
                _ => Based(digits[1..], 8),
            };
        }

        return Based(digits, 10);
    }

    private static ulong? Based(ReadOnlySpan<char> digits, uint @base)
    {
        if (digits.Length is 0 or > 64)
        {
            return null;
        }

        ulong value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigit(c) || Convert.ToUInt32(c.ToString(), 16) is var digit && digit >= @base)
            {
                return null;
            }

            var next = (UInt128)value * @base + digit;
            if (next > ulong.MaxValue)
            {
                return null;
            }

            value = (ulong)next;
        }

        return value;
    }
}
