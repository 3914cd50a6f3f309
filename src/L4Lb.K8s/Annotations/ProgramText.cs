using System.Text;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>
/// Checks by a program. Whoever may write a Service should not thereby run what they like on the machine of the load
/// balancer: its operator names a folder, and only what lies directly in there is run, by its plain name.
/// </summary>
internal static class ProgramText
{
    /// <summary>Reads <c>PROGRAM ARGUMENT…</c>. Returns what is wrong, or null.</summary>
    public static string? Parse(string text, string? programs, out ProbeSpec? probe)
    {
        probe = null;
        if (programs is null)
        {
            return "checks by a program are off; l4lb --exec-probes DIR allows those in DIR";
        }

        var words = new List<string>();
        foreach (var word in EscapedText.Split(text, ' ').Where(static w => w.Length > 0))
        {
            if (EscapedText.Decode(word, out var decoded) is { } problem)
            {
                return problem;
            }

            // Arguments are text, not bytes.
            words.Add(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(decoded)));
        }

        if (words.Exists(static w => w.Contains('\0')) || words is not [var program, .. var arguments] || !IsPlainName(program))
        {
            return $"expected exec:PROGRAM ARGUMENT…, the program by its plain name: it must lie directly in {programs} (--exec-probes)";
        }

        probe = new() { Kind = ProbeKind.Exec, Command = [Path.Combine(programs, program), .. arguments] };
        return null;
    }

    /// <summary>The words that <paramref name="command"/> was read from.</summary>
    public static IEnumerable<string> Words(EquatableArray<string> command) =>
        ((IEnumerable<string>)[Path.GetFileName(command[0]), .. command.Skip(1)])
        .Select(static w => EscapedText.Encode(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(w)), ", "));

    private static bool IsPlainName(string name) => name is not ("." or "..") && !name.Contains('/');
}
