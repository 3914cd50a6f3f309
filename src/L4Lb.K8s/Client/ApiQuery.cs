using System.Globalization;
using System.Text;

namespace L4Lb.K8s.Client;

/// <summary>Builds the query of a request.</summary>
internal sealed class ApiQuery(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _separator = '?';

    /// <summary>Adds a parameter unless its value is null.</summary>
    public ApiQuery Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    /// <summary>Adds a number unless it is null.</summary>
    public ApiQuery Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds the selectors of a scope.</summary>
    public ApiQuery Add(ApiScope scope) => Add("labelSelector", scope.LabelSelector).Add("fieldSelector", scope.FieldSelector);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
