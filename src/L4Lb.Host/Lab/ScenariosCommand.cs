using L4Lb.Host.Cli;
using L4Lb.Lab.Scenarios;

namespace L4Lb.Host.Lab;

/// <summary>What <c>l4lb lab scenarios</c> was told.</summary>
/// <param name="Name">The one to print; null for the list.</param>
/// <param name="PrintsSchema">Print what editors check scenarios by instead.</param>
internal sealed record ScenariosSettings(string? Name, bool PrintsSchema = false);

/// <summary><c>l4lb lab scenarios</c>.</summary>
internal static class ScenariosCommand
{
    /// <summary>How wide a list is where nobody says.</summary>
    public const int Columns = 110;

    /// <summary>Prints the list, a scenario as it is, or the schema of all.</summary>
    public static Task<int> RunAsync(ScenariosSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        if (settings.PrintsSchema)
        {
            context.Out.Write(ScenarioSchema.Text);
            return Task.FromResult(ExitCode.Done);
        }

        if (settings.Name is null)
        {
            WriteList(context.Out, context.Terminal?.Size.Columns ?? Columns);
            return Task.FromResult(ExitCode.Done);
        }

        if (ShippedScenarios.Find(settings.Name) is { } shipped)
        {
            context.Out.Write(shipped.Text);
            return Task.FromResult(ExitCode.Done);
        }

        context.Error.WriteLine($"l4lb: {ScenarioFiles.Unknown(settings.Name)}");
        return Task.FromResult(ExitCode.Failed);
    }

    /// <summary>Names with what they show, in lines of at most so many columns.</summary>
    public static void WriteList(TextWriter output, int columns)
    {
        var indent = ShippedScenarios.All.Max(static s => s.Name.Length) + 4;
        foreach (var shipped in ShippedScenarios.All)
        {
            var name = $"  {shipped.Name}".PadRight(indent);
            foreach (var line in Wrap(shipped.Description, Math.Max(columns - indent, 30)))
            {
                output.WriteLine(name + line);
                name = new string(' ', indent);
            }
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
