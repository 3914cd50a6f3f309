using System.Text.RegularExpressions;

namespace L4Lb.K8s.Validation;

/// <summary>
/// The forms that names, labels and ports must have. Each rule returns what is wrong in the API server's words;
/// nothing when the value is well formed.
/// </summary>
internal static partial class NameRules
{
    private const string LabelFormat = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainFormat = LabelFormat + @"(\." + LabelFormat + ")*";
    private const string Dns1035Format = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string LabelValueFormat = "(" + QualifiedFormat + ")?";
    private const string QualifiedRule = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    /// <summary>Whether a port number is one.</summary>
    public const string PortRange = "must be between 1 and 65535, inclusive";

    /// <summary>A label of a domain name, RFC 1123: up to 63 characters, digits may come first.</summary>
    public static IReadOnlyList<string> Dns1123Label(string value)
    {
        if (value.Length <= 63 && LabelRegex().IsMatch(value))
        {
            return [];
        }

        var errors = MaxLength(value, 63);
        if (!LabelRegex().IsMatch(value))
        {
            errors.Add(SubdomainRegex().IsMatch(value)
                ? "must not contain dots"
                : Malformed("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", LabelFormat, "my-name", "123-abc"));
        }

        return errors;
    }

    /// <summary>A domain name, RFC 1123: labels and dots, up to 253 characters.</summary>
    public static IReadOnlyList<string> Dns1123Subdomain(string value)
    {
        var errors = MaxLength(value, 253);
        if (!SubdomainRegex().IsMatch(value))
        {
            errors.Add(Malformed("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", SubdomainFormat, "example.com"));
        }

        return errors;
    }

    /// <summary>A label of a domain name, RFC 1035: a letter comes first.</summary>
    public static IReadOnlyList<string> Dns1035Label(string value)
    {
        var errors = MaxLength(value, 63);
        if (!Dns1035Regex().IsMatch(value))
        {
            errors.Add(Malformed("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character", Dns1035Format, "my-name", "abc-123"));
        }

        return errors;
    }

    /// <summary>A label's or annotation's key: <c>[domain/]name</c>.</summary>
    public static IReadOnlyList<string> QualifiedName(string value)
    {
        var errors = new List<string>();
        var slash = value.IndexOf('/');
        if (slash != value.LastIndexOf('/'))
        {
            return [$"a valid label key {Malformed(QualifiedRule, QualifiedFormat, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        }

        if (slash == 0)
        {
            errors.Add("prefix part must be non-empty");
        }
        else if (slash > 0)
        {
            errors.AddRange(Dns1123Subdomain(value[..slash]).Select(e => $"prefix part {e}"));
        }

        var name = value[(slash + 1)..];
        if (name.Length == 0)
        {
            errors.Add("name part must be non-empty");
        }

        errors.AddRange(MaxLength(name, 63).Select(e => $"name part {e}"));
        if (!QualifiedRegex().IsMatch(name))
        {
            errors.Add($"name part {Malformed(QualifiedRule, QualifiedFormat, "MyName", "my.name", "123-abc")}");
        }

        return errors;
    }

    /// <summary>A label's value.</summary>
    public static IReadOnlyList<string> LabelValue(string value)
    {
        var errors = MaxLength(value, 63);
        if (!LabelValueRegex().IsMatch(value))
        {
            errors.Add(Malformed("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", LabelValueFormat, "MyValue", "my_value", "12345"));
        }

        return errors;
    }

    /// <summary>The name of a port of a pod, as RFC 6335 has them: up to 15 characters with a letter among them.</summary>
    public static IReadOnlyList<string> PortName(string value)
    {
        var errors = MaxLength(value, 15);
        void Check(bool ok, string message)
        {
            if (!ok)
            {
                errors.Add(message);
            }
        }

        Check(PortCharactersRegex().IsMatch(value), "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        Check(value.AsSpan().ContainsAnyInRange('a', 'z'), "must contain at least one letter (a-z)");
        Check(!value.Contains("--", StringComparison.Ordinal), "must not contain consecutive hyphens");
        Check(value is not (['-', ..] or [.., '-']), "must not begin or end with a hyphen");
        return errors;
    }

    private static List<string> MaxLength(string value, int max) =>
        value.Length > max ? [$"must be no more than {max} characters"] : [];

    private static string Malformed(string rule, string format, params ReadOnlySpan<string> examples) =>
        $"{rule} (e.g. '{string.Join("',  or '", examples)}', regex used for validation is '{format}')";

    [GeneratedRegex("^" + LabelFormat + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LabelRegex();

    [GeneratedRegex("^" + SubdomainFormat + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SubdomainRegex();

    [GeneratedRegex("^" + Dns1035Format + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dns1035Regex();

    [GeneratedRegex("^" + QualifiedFormat + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex QualifiedRegex();

    [GeneratedRegex("^" + LabelValueFormat + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LabelValueRegex();

    [GeneratedRegex(@"^[-a-z0-9]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PortCharactersRegex();
}
