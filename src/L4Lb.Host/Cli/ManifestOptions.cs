using System.CommandLine;
using L4Lb.Host.Cli.Values;
using L4Lb.K8s.Reading;

namespace L4Lb.Host.Cli;

/// <summary>The options that name Kubernetes objects in files.</summary>
internal sealed class ManifestOptions
{
    private readonly Setting<IReadOnlyList<string>> _filename = OptionBuilder.Many(
        "--filename", "PATH", "File or folder of YAML or JSON, - for standard input; may be repeated", OptionBuilder.Text, "-f");

    private readonly Setting<FieldValidation> _validate = OptionBuilder.Single(
        "--validate",
        "strict|warn|ignore",
        "What to do with fields that the API does not have (default strict)",
        WordText.Reader(("strict", FieldValidation.Strict), ("warn", FieldValidation.Warn), ("ignore", FieldValidation.Ignore)),
        FieldValidation.Strict);

    /// <summary>Makes the options part of <paramref name="command"/>.</summary>
    public ManifestOptions(Command command, bool required)
    {
        _filename.Required = required;
        command.Add(_filename);
        command.Add(_validate);
    }

    /// <summary>What was given.</summary>
    public ManifestSourceOptions Read(ParseResult parsed) => new(_filename.In(parsed), _validate.In(parsed));
}
