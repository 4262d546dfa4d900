/** The letter of a person when no template is given. */
export const BUILT_IN_LETTER = `<header>
{% if org.logo != "" %}<img src="{{ org.logo }}" alt="">{% endif %}
<span>{{ org.name }}</span>
</header>
<h1>Your account at {{ org.name }}</h1>
<p>Dear {{ firstName }} {{ lastName }},</p>
{% if hasLink %}
<p>your account is ready. Choose a password to sign in for the first time: scan the code, or type the address below into a browser. The address works once.</p>
<div class="qr" role="img" aria-label="QR code of the address below">{{ qr | raw }}</div>
<p class="link">{{ link }}</p>
{% elsif password != "" %}
<p>your account is ready. Sign in with the password below. You will be asked to choose a new one.</p>
{% else %}
<p>your account is ready. You have been given a password already: sign in with it.</p>
{% endif %}
<dl>
<dt>Name</dt><dd>{{ firstName }} {{ lastName }}</dd>
<dt>Login</dt><dd>{{ login }}</dd>
{% if password != "" %}<dt>First password</dt><dd class="password">{{ password }}</dd>{% endif %}
<dt>Sign in at</dt><dd>{{ org.url }}</dd>
{% if expires != "" %}<dt>Use the address by</dt><dd>{{ expires }}</dd>{% endif %}
</dl>
<p>Keep this page to yourself: whoever has it can take over the account.</p>`;
