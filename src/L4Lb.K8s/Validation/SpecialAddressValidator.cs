using System.Net;

namespace L4Lb.K8s.Validation;

/// <summary>
/// Checks one object's endpoint or external addresses. Loopback addresses, which the API server refuses, are what a laptop
/// has: they are let through and said once per object, however many there are.
/// </summary>
internal sealed class SpecialAddressValidator(FieldErrors errors)
{
    private (string Path, string Address)? _firstLoopback;
    private int _loopbacks;

    /// <summary>Checks that a valid address is not one that is meaningless as a destination.</summary>
    public void ValidateNotSpecial(string path, string text, IPAddress address)
    {
        switch (AddressRules.SpecialProblem(address, text))
        {
            case null:
                break;
            case AddressRules.Loopback:
                _firstLoopback ??= (path, text);
                _loopbacks++;
                break;
            case var problem:
                errors.Invalid(path, text, problem);
                break;
        }

        if (AddressRules.FormWarning(text) is { } warning)
        {
            errors.Warn(path, warning);
        }
    }

    /// <summary>Says what there is to say about loopback addresses; call it once, last.</summary>
    public void WarnOfLoopback()
    {
        if (_firstLoopback is var (path, address))
        {
            var more = _loopbacks > 1 ? $" (and {_loopbacks - 1} more like it)" : "";
            errors.Warn(path, $"the API server would refuse this{more}: Invalid value: {GoText.Quote(address)}: {AddressRules.Loopback}");
        }
    }
}
