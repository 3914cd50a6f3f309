using System.Text.RegularExpressions;

namespace L4Lb.Repo.Tests;

/// <summary>A rule that every C# file keeps.</summary>
/// <param name="Name">The rule as a sentence.</param>
/// <param name="Applies">Which files it is about.</param>
/// <param name="Problems">What is wrong with a file: line number, from 1, and message.</param>
/// <param name="Counterexample">A file that breaks it, which proves that it can be broken.</param>
internal sealed record Rule(
    string Name,
    Func<SourceFile, bool> Applies,
    Func<SourceFile, IEnumerable<(int Line, string Message)>> Problems,
    SourceFile Counterexample)
{
    /// <summary>A rule that forbids code which matches <paramref name="pattern"/> and names what to write instead.</summary>
    public static Rule Forbid(string name, string pattern, string instead, Func<SourceFile, bool> where, SourceFile example) =>
        new(name, where, file => Matches(file.Code, new Regex(pattern), instead), example);

    /// <summary>The lines that match, each with <paramref name="message"/>.</summary>
    public static IEnumerable<(int Line, string Message)> Matches(string[] lines, Regex pattern, string message) =>
        from line in lines.Index()
        where pattern.IsMatch(line.Item)
        select (line.Index + 1, message);

    /// <summary>Every breach in <paramref name="files"/>, as a compiler would tell it.</summary>
    public IEnumerable<string> Breaches(IEnumerable<SourceFile> files) =>
        from file in files
        where Applies(file)
        from problem in Problems(file)
        select $"{file.Path}:{problem.Line}: {problem.Message}";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
