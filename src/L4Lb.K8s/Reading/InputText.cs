using System.Text;

namespace L4Lb.K8s.Reading;

/// <summary>Makes text of the bytes of a file.</summary>
internal static class InputText
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text in <paramref name="bytes"/>: UTF-8, or UTF-16 that begins with a byte order mark.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="text">The text, without its byte order mark; empty when there is a problem.</param>
    /// <returns>What is wrong with the file; null when it is text.</returns>
    public static string? Decode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        try
        {
            text = bytes switch
            {
                [0xef, 0xbb, 0xbf, .. var rest] => s_strictUtf8.GetString(rest),
                [0xff, 0xfe, .. var rest] => Encoding.Unicode.GetString(rest),
                [0xfe, 0xff, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
                _ => s_strictUtf8.GetString(bytes),
            };
        }
        catch (DecoderFallbackException)
        {
            return "this is not a text file (it is not UTF-8); a manifest is YAML or JSON";
        }

        // Neither YAML nor JSON can hold a zero character, and every executable, archive and image has one early.
        if (text.Contains('\0'))
        {
            text = "";
            return "this is not a text file (it holds zero bytes); a manifest is YAML or JSON";
        }

        return null;
    }
}
