using System.Text;

namespace L4Lb.Engine.Desired;

/// <summary>
/// Bytes written as text: <c>\r \n \t \0 \\ \xNN</c> stand for what they stand for in C, everything else for its UTF-8.
/// Pure.
/// </summary>
public static class EscapedText
{
    /// <summary>The bytes that <paramref name="text"/> stands for, or what is wrong with it.</summary>
    public static bool TryDecode(string text, out byte[] bytes, out string? problem)
    {
        var decoded = new List<byte>(text.Length);
        (bytes, problem) = ([], null);
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            if (text[i] != '\\')
            {
                i = text.IndexOf('\\', i) is var next and >= 0 ? next - 1 : text.Length - 1;
                decoded.AddRange(Encoding.UTF8.GetBytes(text[start..(i + 1)]));
                continue;
            }

            if (!TryDecodeOne(text, ref i, out var value))
            {
                problem = $"{text[start..Math.Min(start + 4, text.Length)]} is no escape; there are \\r \\n \\t \\0 \\\\ \\xNN";
                return false;
            }

            decoded.Add(value);
        }

        bytes = [.. decoded];
        return true;
    }

    /// <summary>The same for a text that is known to be valid.</summary>
    internal static byte[] Decode(string text) =>
        TryDecode(text, out var bytes, out var problem) ? bytes : throw new FormatException(problem);

    private static bool TryDecodeOne(string text, ref int i, out byte value)
    {
        value = 0;
        switch (++i < text.Length ? text[i] : '\0')
        {
            case 'r':
                value = (byte)'\r';
                return true;
            case 'n':
                value = (byte)'\n';
                return true;
            case 't':
                value = (byte)'\t';
                return true;
            case '\\':
                value = (byte)'\\';
                return true;
            case '0':
                return true;
            case 'x' when i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]):
                value = Convert.ToByte(text.Substring(i + 1, 2), 16);
                i += 2;
                return true;
            default:
                return false;
        }
    }
}
