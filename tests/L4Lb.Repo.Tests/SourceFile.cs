using System.Text.RegularExpressions;

namespace L4Lb.Repo.Tests;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">Its path relative to the root, with slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    private readonly Lazy<string[]> _code = new(() => ToLines(NotCode().Replace(Text, static match => Blank(match.Value))));

    /// <summary>The lines as they are.</summary>
    public string[] Lines => ToLines(Text);

    /// <summary>The lines with comments and literals blanked, so that rules about code meet code only.</summary>
    public string[] Code => _code.Value;

    /// <summary>Whether the file lies below <paramref name="folder"/>.</summary>
    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string[] ToLines(string text) => text.TrimEnd('\n').Split('\n');

    private static string Blank(string text) => string.Concat(text.Select(c => c == '\n' ? '\n' : ' '));

    // Comments, raw strings, verbatim strings, strings, characters. An interpolated string with strings inside is
    // cut into several, which blanks the outer text and leaves the expressions.
    [GeneratedRegex("""""
        //[^\n]* | /\*.*?\*/ | (?<fence>"{3,}).*?\k<fence> | \$?@\$?"(?:[^"]|"")*" | "(?:\\.|[^"\\\n])*" | '(?:\\.[^'\n]*|[^'\\\n])'
        """"", RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex NotCode();
}
