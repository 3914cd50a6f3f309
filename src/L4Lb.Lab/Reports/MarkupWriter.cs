using System.Globalization;
using System.Text;

namespace L4Lb.Lab.Reports;

/// <summary>
/// Writes HTML and SVG that is well-formed XML too, since elements close themselves; all text and every attribute is escaped, so that
/// nothing a scenario is called can become markup. For one thread.
/// </summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins an element that ends when the answer is disposed of.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes; those that are null are left out.</param>
    public Ending In(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Open(name, attributes);
        _text.Append('>');
        return new Ending(this, name);
    }

    /// <summary>An element with a text and nothing else.</summary>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        using (In(name, attributes))
        {
            Text(text);
        }
    }

    /// <summary>An element with nothing in it.</summary>
    public void Empty(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Open(name, attributes);
        _text.Append("/>");
    }

    /// <summary>Text.</summary>
    public void Text(string text) => Escape(text);

    /// <summary>A line break of the source, where it changes nothing for readers.</summary>
    public void Break() => _text.Append('\n');

    /// <summary>Markup that this program has made itself.</summary>
    public void Trusted(string markup) => _text.Append(markup);

    /// <summary>All that was written.</summary>
    public override string ToString() => _text.ToString();

    private void Open(string name, ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                _text.Append(' ').Append(attribute).Append("=\"");
                Escape(value is double number ? Coordinate(number) : Convert.ToString(value, CultureInfo.InvariantCulture)!);
                _text.Append('"');
            }
        }
    }

    /// <summary>A hundredth of a pixel is more than anybody sees, and the same on every machine.</summary>
    public static string Coordinate(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    private void Escape(string text)
    {
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes out as U+FFFD
        {
            switch (rune.Value)
            {
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '&':
                    _text.Append("&amp;");
                    break;
                case '"':
                    _text.Append("&quot;");
                    break;
                case '\'':
                    _text.Append("&#39;");
                    break;
                case < 0x20 and not ('\t' or '\n') or (>= 0x7f and < 0xa0) or 0xfffe or 0xffff:
                    _text.Append('\ufffd'); // no character of XML, or one that a terminal would obey
                    break;
                default:
                    _text.Append(rune);
                    break;
            }
        }
    }

    /// <summary>Ends an element.</summary>
    internal readonly ref struct Ending(MarkupWriter writer, string name)
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => writer._text.Append("</").Append(name).Append('>');
    }
}
