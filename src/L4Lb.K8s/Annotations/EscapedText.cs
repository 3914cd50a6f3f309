using System.Globalization;
using System.Text;

namespace L4Lb.K8s.Annotations;

/// <summary>
/// Texts within annotations: <c>\r \n \t \xNN</c> are bytes, and a backslash takes the meaning of a separator away:
/// <c>\, \/ \\</c>. What comes out has one character per byte, so that any datagram can be written.
/// </summary>
internal static class EscapedText
{
    /// <summary>Cuts <paramref name="text"/> at each <paramref name="separator"/> without a backslash, into at most
    /// <paramref name="most"/> parts. The parts keep their escapes and lose spaces around them.</summary>
    public static List<string> Split(string text, char separator, int most = int.MaxValue)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length && parts.Count < most - 1; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == separator)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts;
    }

    /// <summary>Reads the escapes of <paramref name="text"/>. Returns what is wrong, or null.</summary>
    public static string? Decode(string text, out string value)
    {
        value = "";
        var bytes = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                Append(bytes, text.AsSpan(i, char.IsSurrogatePair(text, i) ? 2 : 1));
                i += char.IsSurrogatePair(text, i) ? 1 : 0;
                continue;
            }

            var escape = text.AsSpan(i, Math.Min(text.Length - i, 4));
            var (character, length) = escape switch
            {
                ['\\', 'r', ..] => ('\r', 2),
                ['\\', 'n', ..] => ('\n', 2),
                ['\\', 't', ..] => ('\t', 2),
                ['\\', 'x', .. { Length: 2 } hex] when TryParseHex(hex, out var code) => ((char)code, 4),
                ['\\', ',' or '/' or '\\', ..] => (escape[1], 2),
                _ => ('\0', 0),
            };
            if (length == 0)
            {
                return $"\"{escape[..Math.Min(escape.Length, 2)]}\" is no escape; expected \\r, \\n, \\t, \\xNN, \\\\, \\, or \\/";
            }

            bytes.Append(character);
            i += length - 1;
        }

        value = bytes.ToString();
        return null;
    }

    /// <summary>Writes a text of one character per byte so that it can be read back.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separators">What would end it: characters that an escape is known for.</param>
    public static string Encode(string text, string separators)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isAtEnd = i == 0 || i == text.Length - 1;
            escaped.Append(text[i] switch
            {
                '\r' => "\\r",
                '\n' => "\\n",
                '\t' => "\\t",
                '\\' => "\\\\",
                ' ' when isAtEnd || separators.Contains(' ') => "\\x20",
                < ' ' or > '~' => $"\\x{(int)text[i]:x2}",
                var separator when separators.Contains(separator) => $"\\{separator}",
                var plain => plain.ToString(),
            });
        }

        return escaped.ToString();
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out byte code) =>
        byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);

    private static void Append(StringBuilder bytes, ReadOnlySpan<char> character)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var code in utf8[..Encoding.UTF8.GetBytes(character, utf8)])
        {
            bytes.Append((char)code);
        }
    }
}
